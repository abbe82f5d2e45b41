#include "cli/tool.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/state.h"
#include "io/features.h"
#include "num/blas.h"
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void on_signal(int signal_number)
{
  vr_spool_unlink_all();
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

static void set_signals(void)
{
  static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t i = 0; i < VR_LEN(ends); i++) signal(ends[i], on_signal);
  signal(SIGPIPE, SIG_IGN); // a closed pipe is an error of write, told in one line
}

/* Large blocks go back to the system when they are freed: without this the holes that chunks of
 * files leave behind grow with the length of a recording. */
static void set_memory(void)
{
#ifdef M_MMAP_THRESHOLD
  mallopt(M_MMAP_THRESHOLD, 1 << 18);
#endif
}

/* -- the command for the history -- */

/* options that have no influence on the result */
static int is_unrecorded(const char *name)
{
  static const char *const list[] = {"output", "threads", "quiet", "verbose"};
  for (size_t i = 0; i < VR_LEN(list); i++)
    if (!strcmp(list[i], name)) return 1;
  return 0;
}

static int add_word(struct vr_cli_state *s, const char *text)
{
  char *copy;
  VR_TRY(vr_alloc(&copy, strlen(text) + 1, 1));
  memcpy(copy, text, strlen(text) + 1);
  VR_TRY(vr_grow(&s->words, s->nwords, s->nwords + 1, sizeof *s->words));
  s->words[s->nwords++] = copy;
  return 0;
}

/* given options in the order of the table, then operands without their folders */
int vr_record_words(struct vr_cli_state *s, int noperands, char **operand)
{
  size_t index = 0;
  VR_TRY(add_word(s, vr_the_cli->tool->name));
  for (size_t k = 0; k < VR_LEN(s->set.table); k++)
    for (size_t i = 0; i < s->set.n[k]; i++, index++) {
      const vr_opt *o = &s->set.table[k][i];
      const vr_list *list = o->var;
      vr_str word = {0};
      char *value = NULL;
      if (!s->seen[index] || is_unrecorded(o->name)) continue;
      for (size_t j = 0; j < (o->kind == VR_OPT_LIST ? list->n : 1); j++) {
        if (o->kind != VR_OPT_LIST) VR_TRY(vr_opt_value(o, &value));
        const char *text = o->kind == VR_OPT_LIST ? list->item[j] : value;
        vr_str_clear(&word);
        if (o->letter)
          vr_str_addf(&word, "-%c", o->letter);
        else
          vr_str_addf(&word, "--%s", o->name);
        VR_TRY(vr_str_ok(&word));
        VR_TRY(add_word(s, word.s));
        if (vr_opt_has_arg(o)) VR_TRY(add_word(s, text));
      }
      vr_release(value);
      vr_str_free(&word);
    }
  for (int i = 0; i < noperands; i++) {
    const char *slash = strrchr(operand[i], '/');
    VR_TRY(add_word(s, slash && slash[1] ? slash + 1 : operand[i]));
  }
  return 0;
}

/* -- begin -- */

static int wants(char **argv, const char *word)
{
  return argv[1] && !argv[2] && !strcmp(argv[1], word);
}

static void refuse_terminals(const vr_cli *cli)
{
  int flags = cli->tool->flags;
  if (!(flags & VR_TOOL_TEXT) && !cli->out && isatty(STDOUT_FILENO))
    vr_misuse("standard output is a terminal: name a file (-o) or pipe it into the next program");
  if (!(flags & (VR_TOOL_SOURCE | VR_TOOL_RAW)) && !cli->noperands && isatty(STDIN_FILENO))
    vr_misuse("standard input is a terminal: name a file, or pipe a stream into it (-h for help)");
}

static void print_and_exit(const vr_cli *cli, int argc, char **argv)
{
  const struct vr_cli_state *s = cli->state;
  (void)argc;
  if (wants(argv, "--help-table"))
    vr_print_table(cli);
  else if (s->version)
    vr_print_version(cli->tool);
  else
    vr_print_help(cli);
  exit(fflush(stdout) || ferror(stdout) ? 1 : 0);
}

/* the public view of what was parsed */
static void take_over(vr_cli *cli, int argc, char **argv, int first)
{
  struct vr_cli_state *s = cli->state;
  const vr_tool *tool = cli->tool;
  cli->word = argv + first;
  while (cli->nwords < (size_t)tool->words && first < argc) cli->nwords++, first++;
  cli->operand = argv + first;
  cli->noperands = (size_t)(argc - first);
  cli->seed = (uint64_t)s->seed;
  s->pool.threads = s->threads;
  cli->pool = &s->pool;
  cli->took = s->take.n > 0;
  cli->take = s->take.n ? s->take.item : (const char **)tool->take;
  cli->ntake = s->take.n;
  if (!cli->took)
    while (cli->ntake < VR_LEN(tool->take) && tool->take[cli->ntake]) cli->ntake++;
  s->source = (vr_source){.operand = cli->operand, .noperands = cli->noperands};
  if (tool->flags & VR_TOOL_SOURCE) s->source = (vr_source){0};
}

vr_cli vr_cli_begin(int argc, char **argv, const vr_tool *tool)
{
  static struct vr_cli_state state;
  static vr_cli cli;
  int first;
  cli = (vr_cli){.tool = tool, .state = &state};
  vr_the_cli = &cli;
  set_memory();
  set_signals();
  vr_blas_begin();
  state.threads = vr_pool_default_threads();
  state.seed = 1;
  vr_must(vr_common_options(tool, &cli, &state));
  if (wants(argv, "--help-table")) print_and_exit(&cli, argc, argv);
  vr_must(vr_alloc(&state.seen, tool->nopts + VR_LEN(state.common), sizeof *state.seen));
  // help shows the defaults, so it is printed before anything is set
  for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
    if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help")) print_and_exit(&cli, argc, argv);
  vr_must(vr_opt_parse(&state.set, argc, argv, &first, state.seen));
  if (state.version || state.help) print_and_exit(&cli, argc, argv);
  take_over(&cli, argc, argv, first);
  refuse_terminals(&cli);
  vr_must(vr_record_words(&state, argc - first, argv + first));
  return cli;
}

/* -- turns -- */

static void add_part(vr_list *list, const char *path)
{
  vr_must(vr_grow(&list->item, list->n, list->n + 1, sizeof *list->item));
  list->item[list->n++] = path;
}

/* Names of feature sets among the -i give way to their datasets. */
static void expand_sets(vr_cli *cli, vr_turn *t)
{
  struct vr_cli_state *s = cli->state;
  const char *path[VR_FEATURE_PARTS];
  size_t n, sets = 0;
  for (size_t i = 0; i < s->take.n; i++) sets += (size_t)vr_features_is_set(s->take.item[i]);
  if (!sets || t->foreign || cli->tool->flags & VR_TOOL_SETS) return;
  s->parts.n = 0;
  for (size_t i = 0; i < s->take.n; i++) {
    if (!vr_features_is_set(s->take.item[i])) {
      add_part(&s->parts, s->take.item[i]);
      continue;
    }
    vr_must(vr_features_set(t, s->take.item[i], NULL, cli->tool->name, cli->pool, path, &n));
    for (size_t k = 0; k < n; k++) add_part(&s->parts, path[k]);
  }
  cli->take = s->parts.item;
  cli->ntake = s->parts.n;
}

vr_turn *vr_cli_next(vr_cli *cli)
{
  struct vr_cli_state *s = cli->state;
  int flags = cli->tool->flags;
  int mode = flags & VR_TOOL_TEXT ? VR_TURN_READ : cli->own ? VR_TURN_OWN : VR_TURN_EXTEND;
  if (flags & (VR_TOOL_SOURCE | VR_TOOL_MERGE) && s->turns) return NULL;
  if (flags & VR_TOOL_SOURCE)
    vr_must(vr_turn_new(&s->turn));
  else if (flags & VR_TOOL_MERGE)
    vr_must(vr_source_merge(&s->source, mode, &s->turn));
  else
    vr_must(vr_source_next(&s->source, mode, &s->turn));
  if (!s->turn) return NULL;
  s->turns++;
  vr_turn *t = s->turn;
  s->turn = NULL; // what was left out is not told under the name of one of the inputs
  vr_tell_dropped(vr_str_get(&t->dropped));
  s->turn = t;
  s->turn->rate = cli->rate;
  s->turn->rows_of = cli->took ? cli->take[0] : NULL;
  expand_sets(cli, s->turn);
  return s->turn;
}

static void add_history(vr_cli *cli, vr_turn *t)
{
  struct vr_cli_state *s = cli->state;
  char *names[64], *values[64];
  size_t n = 0;
  for (size_t k = 0; k < VR_LEN(s->set.table); k++)
    for (size_t i = 0; i < s->set.n[k] && n < VR_LEN(names); i++) {
      const vr_opt *o = &s->set.table[k][i];
      if (o->var == &s->help || o->var == &s->version || is_unrecorded(o->name)) continue;
      if (o->var == &s->take || (o->var == &vr_the_cli->rate && !cli->rate)) continue;
      names[n] = (char *)o->name;
      vr_must(vr_opt_value(o, &values[n++]));
    }
  vr_str input = {0};
  for (size_t i = 0; i < cli->ntake; i++) vr_str_addf(&input, "%s%s", i ? " " : "", cli->take[i]);
  if (cli->ntake && n < VR_LEN(names)) {
    names[n] = "input";
    values[n++] = input.s;
  }
  vr_run run = {.program = cli->tool->name,
    .command = s->words,
    .nwords = s->nwords,
    .names = names,
    .values = values,
    .noptions = n,
    .ninputs = cli->tool->flags & VR_TOOL_SOURCE ? 0 : cli->noperands};
  vr_must(vr_history_add(t, &run));
  for (size_t i = 0; i < n; i++) vr_release(values[i]);
}

void vr_cli_commit(vr_cli *cli, vr_turn *t)
{
  struct vr_cli_state *s = cli->state;
  add_history(cli, t);
  vr_must(vr_turn_finish(t));
  vr_must(vr_grow(&s->queue, s->nqueue, s->nqueue + 1, sizeof *s->queue));
  s->queue[s->nqueue++] = t->spool;
  t->spool = (vr_spool){0};
  vr_cli_drop(cli, t);
}

void vr_cli_drop(vr_cli *cli, vr_turn *t)
{
  if (cli->state->turn == t) cli->state->turn = NULL;
  vr_turn_free(t);
}

FILE *vr_cli_text(vr_cli *cli)
{
  struct vr_cli_state *s = cli->state;
  if (s->text) return s->text;
  vr_must(vr_spool_new(&s->text_spool));
  vr_spool_unlink(&s->text_spool);
  s->text = fdopen(fcntl(s->text_spool.fd, F_DUPFD_CLOEXEC, 3), "w");
  if (!s->text) vr_must(vr_fail(VR_EIO, "no memory for the output"));
  return s->text;
}

int vr_cli_end(vr_cli *cli)
{
  struct vr_cli_state *s = cli->state;
  vr_source_close(&s->source);
  if (s->text) {
    int failed = fflush(s->text) || ferror(s->text);
    long n = ftell(s->text);
    if (fclose(s->text) || failed || n < 0)
      vr_must(vr_fail(VR_EIO, "the temporary folder is full (set TMPDIR)"));
    s->text_spool.length = (uint64_t)n;
    s->queue = &s->text_spool;
    s->nqueue = 1;
  }
  vr_must(vr_deliver(cli->out, s->queue, s->nqueue));
  for (size_t i = 0; i < s->nqueue; i++) vr_spool_free(&s->queue[i]);
  return 0;
}
