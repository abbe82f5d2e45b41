#include "io/schema.h"
#include <string.h>

// The order matters: the first pattern that matches a path is its row.
const vr_schema_row vr_schema[] = {
  // frames and trials
  {"/time", "f64", "time", "s", NULL, "vr-record vr-import vr-load",
    "time since the start of the trial; attribute rate in Hz", 0},
  {"/trial", "i32", "time", "", NULL, "vr-record vr-import vr-load", "row of /trials", 0},
  {"/history", "str", "history", "", NULL, "all", "one line a run: how the data were made", 0},
  {"/trials/number", "i32 i64", "number", "", NULL, "vr-record vr-import vr-load",
    "number of the trial, from 0", 0},
  {"/trials/task", "str", "number", "", NULL, "vr-record vr-import", "name of the task", 0},
  {"/trials/recording", "str", "number", "", NULL, "vr-record vr-import vr-load",
    "name of the recording", 0},
  {"/trials/subject", "str", "number", "", NULL, "vr-record vr-import", "name of the animal", 0},
  {"/trials/outcome", "str", "number", "", NULL, "vr-record vr-import", "how the trial ended", 0},
  {"/trials/seed", "f64 i64 i32", "number", "1|", NULL, "vr-record", "seed of the trial", 0},
  {"/trials/first", "i64 i32 f64", "number", "1|", NULL, "vr-record vr-import vr-load",
    "its first row", 0},
  {"/trials/frames", "i64 i32 f64", "number", "1|", NULL, "vr-record vr-import vr-load",
    "its number of rows", 0},
  {"/trials/return", "f64 f32", "number", "1", NULL, "vr-record", "sum of its rewards", 0},
  {"/trials/start", "f64", "number", "s", NULL, "vr-import",
    "time from the start of its recording to that of the trial", 0},
  {"/trials/length", "f64", "number", "m|px|1", NULL, "vr-import",
    "length of its animal, where positions are in lengths of the animal", 0},
  {"/trials/*", "f64 f32 i64 i32 str", "number", "*", NULL, "", "a column of the trial table", 1},
  {"/events/number", "i32 i64", "number", "", NULL, "vr-record vr-watershed vr-import",
    "number of the event, from 0", 0},
  {"/events/name", "str", "number", "", NULL, "vr-record vr-watershed vr-import", "kind of event",
    0},
  {"/events/trial", "i32", "number", "", NULL, "vr-record vr-watershed vr-import", "row of /trials",
    0},
  {"/events/time", "f64", "number", "s", NULL, "vr-record vr-watershed vr-import",
    "time since the start of the trial", 0},
  {"/events/value", "f64 f32", "number", "*", NULL, "vr-record vr-watershed vr-import",
    "a number that belongs to the event", 1},
  {"/events/*", "f64 f32 i64 i32 str", "number", "*", NULL, "", "a column of the event table", 1},
  {"/names/*", "str", "*", "", NULL, "vr-record vr-import vr-load",
    "names, the scale of the axis of this name", 0},
  {"/task/*", "str", "*", "", NULL, "vr-record", "resolved table of a task, as text", 0},
  // recorded signals
  {"/pose/angles", "f32 f64", "time joint", "rad", NULL, "vr-record vr-import",
    "angles of the hinge joints", 1},
  {"/pose/speeds", "f32 f64", "time joint", "rad/s", NULL, "vr-record vr-import", "their speeds",
    1},
  {"/pose/positions", "f32 f64", "time body space", "m|mm|px|cm|1", NULL, "vr-record vr-import",
    "positions in the frame of the root: x along the heading, z up", 1},
  {"/pose/root", "f32 f64", "time *", "1|m|px", NULL, "vr-record vr-import",
    "world position and quaternion (w x y z) of the root", 1},
  {"/pose/root_speeds", "f32 f64", "time *", "1|m/s|px/s|1/s", NULL, "vr-record vr-import",
    "linear (world) and angular (body) velocity of the root", 1},
  {"/pose/heading", "f32", "time", "rad", NULL, "vr-import", "heading, unwrapped in time", 1},
  {"/pose/filled", "u8", "time body", "1", NULL, "vr-import", "1 where a missing point was filled",
    0},
  {"/pose/confidence", "f32", "time body", "1", NULL, "vr-import", "confidence of the tracker", 1},
  {"/action", "f32", "time actuator", "1", NULL, "vr-record vr-simulate", "commands", 0},
  {"/force", "f32 f64", "time actuator", "N m|N|1", NULL, "vr-record vr-simulate",
    "forces of the actuators", 0},
  {"/reward", "f32 f64", "time", "1", NULL, "vr-record vr-simulate", "reward of the frame", 0},
  {"/discount", "f32", "time", "1", NULL, "vr-record vr-simulate",
    "discount of the frame: 0 where it ends the trial in failure", 0},
  {"/value", "f32", "time", "1", NULL, "vr-record", "reward that the critic expects from here on",
    0},
  {"/sense/*", "f32 f64", "time **", "*", NULL, "vr-record vr-simulate", "one observation", 0},
  {"/eye", "u8", "time * * *", "1", NULL, "vr-record", "what the eye sees: row, column, RGB", 0},
  {"/neural/*/rate", "f32", "time *", "Hz", NULL, "vr-import", "firing rates of real cells", 1},
  {"/neural/**", "f32", "time *", "1", NULL, "vr-record",
    "cells (c) and outputs (h) of a layer after the step that chose the action", 0},
  {"/spikes/number", "i32 i64", "number", "", NULL, "vr-import", "number of the spike, from 0", 0},
  {"/spikes/trial", "i32", "number", "", NULL, "vr-import", "row of /trials", 0},
  {"/spikes/time", "f64", "number", "s", NULL, "vr-import", "time since the start of the trial", 0},
  {"/spikes/unit", "str", "number", "", NULL, "vr-import", "name of the cell", 0},
  {"/series", "f32 f64", "time **", "*", NULL, "vr-load", "columns of a text file", 1},
  {"/series/**", "f32 f64", "time **", "*", NULL, "vr-load", "columns of a text file", 1},
  // results, a row a frame
  {"/eigenposture/*", "f64", "time mode", "1|rad|m|mm|px|cm", "/basis@", "vr-eigenposture",
    "scores of the eigenpostures", 0},
  {"/wavelet/*", "f32 f64", "time *", "*", "/basis/eigenposture", "vr-wavelet",
    "amplitudes of the wavelets of a band", 0},
  {"/cone/*", "u8", "time", "1", "/basis/kinematics", "vr-wavelet",
    "channels, from the lowest, that feel an end of the trial", 0},
  {"/kinematics/*", "f64", "time component", "*", "/basis@ /basis/eigenposture", "vr-wavelet",
    "scores of the wavelets of a band", 0},
  {"/pca/*", "f64", "time component", "*", "/basis@", "vr-pca", "scores of any series", 0},
  {"/map/xy", "f64", "time *", "1", "/map", "vr-tsne", "place of every frame in the map", 0},
  {"/label/region", "i32", "time", "", "/region", "vr-watershed", "region of the map, 0 = none", 0},
  {"/label/*", "i32", "time", "", "/cluster", "vr-kmeans", "label of the frame, 0 = none", 0},
  // results, a few a file
  {"/basis/**", "f64 f32 i32 i64 str", "**", "*", NULL, "vr-eigenposture vr-wavelet vr-pca",
    "mean, loadings, variance: what projects new frames", 0},
  {"/map/**", "f64 f32 i32 i64 u8 str", "**", "*", NULL, "vr-tsne", "what places new frames", 0},
  {"/region/**", "f64 f32 i32 i64 u8 str", "**", "*", NULL, "vr-watershed",
    "density, regions and their sizes", 0},
  {"/cluster/**", "f64 f32 i32 i64 str", "**", "*", NULL, "vr-kmeans", "centres and sizes", 0},
  {"/cka/shifts/value", "f64", "row shift", "1", NULL, "vr-cka",
    "similarities after shifts in time", 0},
  {"/cka/shifts/debiased", "f64", "row shift", "1", NULL, "vr-cka",
    "their debiased estimator after shifts in time", 0},
  {"/cka/deals/value", "f64", "row deal", "1", NULL, "vr-cka",
    "similarities after deals of the units to the layers", 0},
  {"/cka/deals/debiased", "f64", "row deal", "1", NULL, "vr-cka",
    "their debiased estimator after deals of the units to the layers", 0},
  {"/cka/**", "f64 f32 i32 i64 str", "**", "*", NULL, "vr-cka", "similarities", 0},
  {"/mds/**", "f64 f32 i32 i64 str", "**", "*", NULL, "vr-mds", "embedding and stress", 0},
  {"/overlap/**", "f64 str", "**", "1|", NULL, "vr-pca", "how much of their space tasks share", 0},
  {"/psd/**", "f64 f32 i32 i64 str", "**", "*", NULL, "vr-psd", "spectra and peaks", 0},
  {"/jpca/**", "f64 f32 i32 i64 str", "**", "*", NULL, "vr-jpca", "planes and frequencies", 0},
  {"/field/**", "f64 f32 i32 i64 str", "**", "*", NULL, "vr-jpca", "vector fields", 0},
  {"/sequence/**", "f64 f32 i32 i64 str", "**", "*", NULL, "vr-align", "event-locked windows", 0},
  {"/policy/config", "str", "config", "", NULL, "vr-train", "its architecture, as in share/agent",
    0},
  {"/policy/weight/**", "f32 f64 i32 i64", "**", "*", NULL, "vr-train",
    "its weights, tensor by tensor", 0},
  {"/policy/curves", "f64", "entry curve", "1", NULL, "vr-train",
    "how its training went, an entry of the log a row", 0},
  {"/policy/**", "f64 f32 i32 i64 str", "**", "*", NULL, "vr-train",
    "mean and squared deviations of the inputs, mean and spread of the values, commands at rest",
    0},
  {"/ablation/**", "f64 f32 i32 i64 str", "**", "*", NULL, "vr-ablate",
    "successes of trials with units held or driven, ranks of the units", 0},
};
const size_t vr_schema_rows = sizeof vr_schema / sizeof *vr_schema;

int vr_schema_match(const char *pattern, const char *path)
{
  while (*pattern) {
    if (!strcmp(pattern, "**")) return *path != 0;
    if (*pattern == '*') {
      size_t name = strcspn(path, "/");
      if (!name) return 0;
      path += name;
      pattern++;
    } else if (*pattern++ != *path++) {
      return 0;
    }
  }
  return !*path;
}

const vr_schema_row *vr_schema_find(const char *path)
{
  for (size_t i = 0; i < vr_schema_rows; i++)
    if (vr_schema_match(vr_schema[i].path, path)) return &vr_schema[i];
  return NULL;
}

int vr_schema_word(const char *list, char sep, const char *word)
{
  size_t n = strlen(word);
  for (const char *s = list;;) {
    const char *end = strchrnul(s, sep);
    if ((size_t)(end - s) == n && !memcmp(s, word, n)) return 1;
    if (!*end) return 0;
    s = end + 1;
  }
}

int vr_schema_axis(const char *list, int k, char *word, size_t size)
{
  for (const char *s = list; *s; k--) {
    size_t n = strcspn(s, " ");
    if (!k) {
      if (n >= size) n = size - 1;
      memcpy(word, s, n);
      word[n] = 0;
      return 1;
    }
    s += n + (s[n] == ' ');
  }
  if (size) word[0] = 0;
  return 0;
}
