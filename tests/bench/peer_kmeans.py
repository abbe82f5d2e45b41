"""peer_kmeans.py FILE ROWS COLUMNS THREADS sklearn|sklearn32|elkan32|faiss [LABELS] -- k-means, k = 50, from
rows 0, n / 50, 2 n / 50 ... until no label changes. quality: the inertia, in double precision; LABELS gets the
labels as raw int32, from 1."""
import os
import resource
import sys
import time

path, rows, columns, threads, peer = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5]
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(threads)
import numpy as np  # noqa: E402

x = np.fromfile(path, np.float32).reshape(rows, columns)
if peer == "sklearn":
    x = x.astype(float)
start = x[[c * rows // 50 for c in range(50)]]
try:
    if peer == "faiss":
        import faiss
        version = f"faiss {faiss.__version__}"
        faiss.omp_set_num_threads(threads)
        # it has no end of its own: as many iterations as Lloyd's take here
        k = faiss.Kmeans(columns, 50, niter=60, max_points_per_centroid=10**9, min_points_per_centroid=1)

        def run():
            k.train(x, init_centroids=start)
            return k.index.search(x, 1)[1][:, 0], k.centroids
    else:
        import sklearn
        from sklearn.cluster import KMeans
        version = f"scikit-learn {sklearn.__version__}"

        def run():
            m = KMeans(50, init=start, n_init=1, tol=0, max_iter=1000,
                       algorithm="elkan" if peer.startswith("elkan") else "lloyd").fit(x)
            return m.labels_, m.cluster_centers_
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(3)

cpu, wall = time.process_time(), time.perf_counter()
label, centre = run()
print("cpu_s", time.process_time() - cpu)
print("wall_s", time.perf_counter() - wall)
print("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print("version", version)
print("quality", sum(((b.astype(float) - centre[c].astype(float)) ** 2).sum()
                     for b, c in zip(np.array_split(x, 100), np.array_split(label, 100))))
if len(sys.argv) > 6:
    (label.astype(np.int32) + 1).tofile(sys.argv[6])
