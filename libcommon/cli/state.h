/* state.h -- what the files of cli/ share; included nowhere else. */
#ifndef VR_CLI_STATE_H
#define VR_CLI_STATE_H
#include "cli/tool.h"

struct vr_cli_state {
  vr_opt_set set;
  vr_opt common[16];
  int *seen;
  char **words; /* the command for the history: without -o, -@, -q, -v, folders */
  size_t nwords;
  vr_source source;
  vr_turn *turn;
  int turns; /* handed out so far */
  vr_spool *queue;
  size_t nqueue;
  vr_spool text_spool;
  FILE *text;
  int help, version, table, threads, seed;
  vr_list take, parts; /* the -i as given; with feature sets taken apart */
  vr_pool pool;
};

/* the program that runs, for messages; NULL before vr_cli_begin */
extern vr_cli *vr_the_cli;
const char *vr_program(void);

void vr_print_help(const vr_cli *cli);
void vr_print_version(const vr_tool *tool);
void vr_print_table(const vr_cli *cli); /* options as TSV, for completions and tests */
int vr_common_options(const vr_tool *tool, vr_cli *cli, struct vr_cli_state *s);
int vr_record_words(struct vr_cli_state *s, int argc, char **argv);
/* -o: the output under its name by rename; NULL: standard output */
int vr_deliver(const char *out, vr_spool *queue, size_t n);

#endif
