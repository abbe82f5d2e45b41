/* tool.h -- the loop of every program: begin, next image, commit, end.
 *
 * Only this layer prints, reads the command line, and ends the process. A tool is a table and:
 *
 *   vr_cli cli = vr_cli_begin(argc, argv, &tool);
 *   for (vr_turn *t; (t = vr_cli_next(&cli));) {
 *     vr_must(...);
 *     vr_cli_commit(&cli, t);
 *   }
 *   return vr_cli_end(&cli);
 */
#ifndef VR_CLI_TOOL_H
#define VR_CLI_TOOL_H
#include "base/err.h"
#include "base/pool.h"
#include "cli/opt.h"
#include "io/prov.h"
#include "io/stream.h"
#include <stdint.h>
#include <stdio.h>

enum {
  VR_TOOL_SOURCE = 1,   /* reads no stream: vr-record, vr-load */
  VR_TOOL_TEXT = 2,     /* writes text, not a stream: vr-dump, vr-stats (no -x) */
  VR_TOOL_MERGE = 4,    /* needs all rows: all images of the stream become one turn */
  VR_TOOL_SEED = 8,     /* has -s */
  VR_TOOL_NOINPUT = 16, /* has no -i */
  VR_TOOL_SERIAL = 32,  /* has no -@ */
  VR_TOOL_RAW = 64,     /* opens its inputs itself: vr_cli_next is not used */
  VR_TOOL_SETS = 128,   /* names of feature sets among the -i stay as they are in `take` */
};

typedef struct {
  const char *name;     /* "vr-wavelet" */
  const char *what;     /* one line without a full stop: heads -h and the list of `vr` */
  const char *operands; /* "[FILE ...]" when NULL */
  const char *take[8];  /* default -i, in order; shown in the help */
  const char *make[8];  /* what is added; shown in the help */
  const vr_opt *opts;
  size_t nopts;
  int flags;
  int words;            /* leading operands that are words of the tool's own, not files */
} vr_tool;

typedef struct {
  const vr_tool *tool;
  const char **take; /* the -i given, or tool->take; names of feature sets (io/features.h) give way
                        to their datasets in vr_cli_next, which computes those that are missing */
  size_t ntake;
  int took;            /* -i was given */
  uint64_t seed;       /* -s, 1 by default */
  const vr_pool *pool; /* -@ threads, all cores by default */
  const char *out;     /* -o, NULL: standard output */
  int own, quiet, verbose;
  double rate;          /* --rate, 0: not given */
  char *const *operand; /* what is left of the command line */
  size_t noperands;
  char *const *word;    /* operands before the files, tool->words at most */
  size_t nwords;
  struct vr_cli_state *state;
} vr_cli;

/* Parses; prints help or version and exits 0, or a line on stderr and exits 2. Refuses to write a
 * stream to a terminal (exit 2). */
vr_cli vr_cli_begin(int argc, char **argv, const vr_tool *tool);
/* The next image (VR_TOOL_MERGE: one turn of all), NULL at the end. Exits 1 on a bad input. For a
 * source: one fresh turn, then NULL. */
vr_turn *vr_cli_next(vr_cli *cli);
/* Adds the history line and queues the finished image; frees the turn. Nothing is written yet. */
void vr_cli_commit(vr_cli *cli, vr_turn *t);
/* Drops a turn of which nothing is written (text tools). */
void vr_cli_drop(vr_cli *cli, vr_turn *t);
/* Text tools: where text goes (-o or standard output), buffered; checked by vr_cli_end. */
FILE *vr_cli_text(vr_cli *cli);
/* Writes everything out: -o by rename, or standard output. Returns the exit status (0 or 1). */
int vr_cli_end(vr_cli *cli);

/* Ends the program with `vr-x: file: message` and status 1 (2 for VR_EARG) unless code is 0. */
void vr_must(int code);
/* Ends with `vr-x: message` and status 2: the user asked for something that cannot be. */
void vr_misuse(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
/* A line on stderr, `vr-x: file: message`, unless -q. */
void vr_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A note for each line of a text. */
void vr_note_lines(const char *lines);
/* Notes on datasets that were left out, "/path: why" lines: each, or, where they are many, their
 * groups; -v tells each. */
void vr_tell_dropped(const char *lines);
/* A line only with -v. */
void vr_detail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Progress on stderr of long work: rate, share done and time left on a terminal; elsewhere one line
 * when a stage ends (done >= total); nothing with -q. `what` names the stage ("iterations"). */
void vr_progress(const char *what, double done, double total);
/* Path of a file below share/ ("body/rat"), from VR_SHARE or beside the program; the caller frees
 * it with vr_release. VR_EIO when there is none. */
int vr_share_path(const char *name, char **path);

#endif
