#!/usr/bin/env python3
"""Values behind tests/unit/sim/test_ground.c: 20,000 mazes of labmaze and their cover by dm_control,
5,000 bowls by SciPy, and one small grid enlarged by SciPy's cubic spline."""
from collections import Counter

import labmaze
import numpy as np
from dm_control.locomotion.arenas import covering
from scipy.ndimage import zoom

m = labmaze.RandomMaze(height=11, width=11, max_rooms=4, room_min_size=4, room_max_size=5, spawns_per_room=1,
                       objects_per_room=3, max_variations=26, simplify=True, random_seed=1)
rooms, shapes, cells, boxes = Counter(), Counter(), Counter(), Counter()
for _ in range(20000):
    m.regenerate()
    e, v = np.array(m.entity_layer.tolist()), np.array(m.variations_layer.tolist())
    names = [c for c in np.unique(v) if c != "."]
    rooms[len(names)] += 1
    for c in names:
        at = np.argwhere(v == c)
        shapes[tuple(np.ptp(at, axis=0) + 1)] += 1
    cells[int((e != "*").sum())] += 1
    boxes[len(covering.make_walls(m.entity_layer, make_odd_sized_walls=True))] += 1
print("rooms", [rooms[k] for k in range(5)])
print("shapes", sorted(shapes.items()))
print("cells, up to 44, 45 .. 49, 50, 51 .. 66, from 67", [sum(n for k, n in cells.items() if k < 45),
      sum(n for k, n in cells.items() if 45 <= k < 50)] + [cells[k] for k in range(50, 67)] +
      [sum(n for k, n in cells.items() if k > 66)])
print("boxes, up to 10, 11 .. 19, from 20", [sum(n for k, n in boxes.items() if k < 11)] +
      [boxes[k] for k in range(11, 20)] + [sum(n for k, n in boxes.items() if k > 19)])

r = np.random.default_rng(1)
x = np.linspace(-1, 1, 201)
rho = np.clip(np.hypot(*np.meshgrid(x, x)), 0.1, 1)
g = 0.5 - 0.5 * np.cos(2 * np.pi * rho)
stats = []
for _ in range(5000):
    data = g * zoom(r.uniform(0.5, 1, (60, 60)), 201 / 60)
    stats.append((data.max(), data[100, 100], data[100, 150], data[120:181, 100].std()))
for name, s in zip(("peak", "centre", "ring", "rough"), np.array(stats).T):
    print(name, [float(f"{q:.6g}") for q in np.quantile(s, np.arange(1, 10) / 10)])

small = np.random.default_rng(2).uniform(0, 1, (5, 5)).round(3)
print("in", small.tolist())
print("out", [[float(f"{q:.15g}") for q in row] for row in zoom(small, 8 / 5)])
