"""Evaluations that pycma needs, without negative weights: medians of 101 runs, for test_cmaes.c."""
import statistics
import cma

def ellipsoid(x):
    return sum(1e6 ** (i / (len(x) - 1)) * v * v for i, v in enumerate(x))

def run(f, at, seed):
    es = cma.CMAEvolutionStrategy([at] * 10, 0.5, {
        'seed': seed, 'verbose': -9, 'CMA_active': False, 'ftarget': 1e-9, 'maxfevals': 40000})
    while not es.stop():
        x = es.ask()
        es.tell(x, [f(v) for v in x])
    return es.result.evaluations if es.result.fbest <= 1e-9 else float('inf')

for name, f, at in (('sphere', lambda x: sum(v * v for v in x), 1), ('ellipsoid', ellipsoid, 1),
                    ('rosenbrock', cma.ff.rosen, 0)):
    print(name, statistics.median(run(f, at, seed) for seed in range(1, 102)))
