"""peer_knn.py FILE ROWS COLUMNS THREADS faiss|sklearn -- 90 nearest neighbours of each row."""
import resource
import sys
import time

import numpy as np

path, rows, columns, threads, peer = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5]
x = np.fromfile(path, np.float32).reshape(rows, columns)
try:
    if peer == "faiss":
        import faiss
        version = f"faiss {faiss.__version__}"
        faiss.omp_set_num_threads(threads)
        index = faiss.IndexFlatL2(columns)

        def search():
            index.add(x)
            return index.search(x, 91)[1]
    else:
        import sklearn
        from sklearn.neighbors import NearestNeighbors
        version = f"scikit-learn {sklearn.__version__}"

        def search():
            found = NearestNeighbors(n_neighbors=90, algorithm="brute", n_jobs=threads).fit(x)
            return found.kneighbors(return_distance=False)
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(3)

cpu, wall = time.process_time(), time.perf_counter()
got = search()
print("cpu_s", time.process_time() - cpu)
print("wall_s", time.perf_counter() - wall)
print("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print("version", version)
right = 0
for s in range(100):
    i = s * rows // 100
    d = ((x.astype(float) - x[i]) ** 2).sum(1)
    d[i] = np.inf
    own = got[i][got[i] != i][:90]
    right += (d[own] <= np.partition(d, 89)[89]).sum()
print("quality", right / 9000)
