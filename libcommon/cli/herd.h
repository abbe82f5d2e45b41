/* herd.h -- the herd of vr-train, from the words of the command line. */
#ifndef VR_CLI_HERD_H
#define VR_CLI_HERD_H
#include "base/ranks.h"
#include "cli/opt.h"
#include "cli/stage.h"
#include "io/stream.h"
#include "rl/rats.h"

typedef struct {
  const char *tasks;       /* "gaps,flat:drop=1,noise=0.1": shares of the animals, in turns */
  const vr_list *teachers; /* TASK=builtin, teacher[:key=value,...] or a policy */
  int teach;               /* built-in teachers where none is named */
  int eye, animals, threads;
  int first;            /* number of the first animal: those before are another process's */
  double seconds, step; /* of an episode, 0: that of the task; of the physics */
  uint64_t seed;
  vr_turn *turn; /* gets the history of policies that teach */
} vr_herd_words;

/* Zero-initialise; freed with vr_close_herd. */
typedef struct {
  vr_herd herd;
  size_t nshare;
  char **spec; /* nshare: the tasks as written, in one block */
  vr_stage stage[VR_RATS_SCENES];
  vr_policy guide[VR_RATS_SCENES];
} vr_herd_of;

/* Which of all the animals are those of this process; with a crew, the first process only learns, and
 * has a herd that nobody plays. */
void vr_share_herd(const vr_ranks *everyone, int crew, int all, vr_herd_words *words);

/* Ends the program on errors. */
void vr_open_herd(const vr_herd_words *words, vr_herd_of *h);
void vr_close_herd(vr_herd_of *h);

/* Each task gets a value head of its own, where there are several. */
void vr_name_heads(const vr_herd *h, vr_policy *p);

/* Seconds of a word such as 90m, 2h, 30s or 45 (s). Ends the program where it is none. */
double vr_parse_duration(const char *word);

#endif
