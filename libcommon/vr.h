/* vr.h -- the whole library, for programs that are no part of vr-tools: see vr(3) and examples/.
 * Compile and link with `pkg-config --cflags --libs vr`. */
#ifndef VR_H
#define VR_H

// base: nothing but C
#include "base/align.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/str.h"
#include "base/table.h"

// num: numbers
#include "num/blas.h"
#include "num/fft.h"
#include "num/knn.h"
#include "num/knn_scan.h"
#include "num/lin.h"
#include "num/mat.h"
#include "num/stat.h"

// ana: analyses: arrays in, arrays out
#include "ana/axes.h"
#include "ana/bouts.h"
#include "ana/density.h"
#include "ana/egocentric.h"
#include "ana/fill.h"
#include "ana/kinematics.h"
#include "ana/names.h"
#include "ana/outline.h"
#include "ana/pca.h"
#include "ana/purity.h"
#include "ana/regions.h"
#include "ana/skeleton.h"
#include "ana/spikes.h"
#include "ana/tracks.h"
#include "ana/tsne.h"
#include "ana/tsne_in.h"
#include "ana/watershed.h"
#include "ana/wavelet.h"

// sim: bodies and physics
#include "sim/body.h"
#include "sim/controller.h"
#include "sim/env.h"
#include "sim/gait.h"
#include "sim/mjcf.h"
#include "sim/motion.h"
#include "sim/spec.h"
#include "sim/task.h"
#include "sim/world.h"

// io: files and streams
#include "io/basis.h"
#include "io/columns.h"
#include "io/csv.h"
#include "io/describe.h"
#include "io/features.h"
#include "io/h5.h"
#include "io/image.h"
#include "io/import.h"
#include "io/import_report.h"
#include "io/labels.h"
#include "io/load.h"
#include "io/merge.h"
#include "io/merge_rows.h"
#include "io/paths.h"
#include "io/pickle.h"
#include "io/pipeline.h"
#include "io/pose.h"
#include "io/prov.h"
#include "io/record.h"
#include "io/record_task.h"
#include "io/rowstore.h"
#include "io/rowtext.h"
#include "io/schema.h"
#include "io/skeleton_file.h"
#include "io/stage_posture.h"
#include "io/stage_tsne.h"
#include "io/stage_watershed.h"
#include "io/stage_wavelet.h"
#include "io/stream.h"
#include "io/texttable.h"

// cli: programs: the only layer that prints and exits
#include "cli/opt.h"
#include "cli/stage.h"
#include "cli/tool.h"

#endif
