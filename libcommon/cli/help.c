#include "cli/state.h"
#include "base/mem.h"
#include "base/str.h"
#include "num/blas.h"
#include <stdlib.h>
#include <string.h>

/* -- the common options: one table, the same letters everywhere -- */

static void add(struct vr_cli_state *s, size_t *n, vr_opt o)
{
  s->common[(*n)++] = o;
}

int vr_common_options(const vr_tool *tool, vr_cli *cli, struct vr_cli_state *s)
{
  size_t n = 0;
  int stream = !(tool->flags & VR_TOOL_TEXT), source = tool->flags & VR_TOOL_SOURCE;
  if (!(tool->flags & VR_TOOL_NOINPUT)) {
    add(s, &n,
      (vr_opt){'i', "input", VR_OPT_LIST, &s->take, 0, 0, "/PATH", "dataset to work on; repeats"});
    add(s, &n,
      (vr_opt){0, "rate", VR_OPT_DBL, &cli->rate, 1e-6, 1e9, "HZ",
        "sampling rate, where the input does not tell it"});
  }
  add(s, &n,
    (vr_opt){'o', "output", VR_OPT_FILE, &cli->out, 0, 0, "FILE", "write there, when all is done"});
  if (tool->flags & VR_TOOL_SEED)
    add(s, &n,
      (vr_opt){
        's', "seed", VR_OPT_INT, &s->seed, 0, 2147483647, "N", "seed of all random numbers"});
  if (!(tool->flags & VR_TOOL_SERIAL))
    add(s, &n,
      (vr_opt){'@', "threads", VR_OPT_INT, &s->threads, 1, 1024, "N",
        "threads; the result does not depend on it"});
  if (stream && !source)
    add(s, &n,
      (vr_opt){'x', "own", VR_OPT_FLAG, &cli->own, 0, 1, NULL,
        "pass on only own results, axes and history"});
  add(s, &n,
    (vr_opt){'q', "quiet", VR_OPT_FLAG, &cli->quiet, 0, 1, NULL, "no notes and no progress"});
  add(
    s, &n, (vr_opt){'v', "verbose", VR_OPT_FLAG, &cli->verbose, 0, 1, NULL, "tell more on stderr"});
  add(s, &n, (vr_opt){'h', "help", VR_OPT_FLAG, &s->help, 0, 1, NULL, "this text"});
  add(s, &n,
    (vr_opt){'V', "version", VR_OPT_FLAG, &s->version, 0, 1, NULL,
      "version of this and of its libraries"});
  s->set = (vr_opt_set){{tool->opts, s->common}, {tool->nopts, n}};
  return 0;
}

/* -- help -- */

static void print_option(const vr_opt *o)
{
  vr_str left = {0};
  char *value = NULL;
  if (o->letter)
    vr_str_addf(&left, "  -%c, --%s", o->letter, o->name);
  else
    vr_str_addf(&left, "      --%s", o->name);
  if (o->arg && vr_opt_has_arg(o)) vr_str_addf(&left, " %s", o->arg);
  printf(
    left.n < 28 ? "%-28s%s" : "%s\n                            %s", vr_str_get(&left), o->help);
  // the default, where it says something
  if (vr_opt_has_arg(o) && o->kind != VR_OPT_LIST && !vr_opt_value(o, &value) && *value &&
      strcmp(o->name, "rate") && strcmp(o->name, "output"))
    printf(" (%s)", value);
  putchar('\n');
  vr_release(value);
  vr_str_free(&left);
}

static void print_paths(const char *what, const char *const *list)
{
  if (!list[0]) return;
  printf("%s", what);
  for (size_t i = 0; i < 8 && list[i]; i++) printf("%s %s", i ? "," : "", list[i]);
  putchar('\n');
}

void vr_print_help(const vr_cli *cli)
{
  const vr_tool *tool = cli->tool;
  const char *operands = tool->operands ? tool->operands : "[FILE ...]";
  printf("%s: %s\nusage: %s [options]%s%s\n", tool->name, tool->what, tool->name,
    *operands ? " " : "", operands);
  print_paths("reads", tool->take);
  print_paths("adds ", tool->make);
  const vr_opt_set *set = &cli->state->set;
  for (size_t k = 0; k < VR_LEN(set->table); k++) {
    if (!set->n[k]) continue;
    printf(k ? "common options (see man vr)\n" : "options\n");
    for (size_t i = 0; i < set->n[k]; i++) print_option(&set->table[k][i]);
  }
}

void vr_print_table(const vr_cli *cli)
{
  static const char *const kind[] = {[VR_OPT_FLAG] = "flag",
    [VR_OPT_INT] = "int",
    [VR_OPT_DBL] = "number",
    [VR_OPT_STR] = "text",
    [VR_OPT_FILE] = "file",
    [VR_OPT_LIST] = "list",
    [VR_OPT_WORD] = "word"};
  const vr_opt_set *set = &cli->state->set;
  printf("#\t%s\t%s\n", cli->tool->name, cli->tool->what);
  for (size_t k = 0; k < VR_LEN(set->table); k++)
    for (size_t i = 0; i < set->n[k]; i++) {
      const vr_opt *o = &set->table[k][i];
      printf("%c\t%s\t%s\t%s\t%s\t%s\n", o->letter ? o->letter : '-', o->name, kind[o->kind],
        o->arg ? o->arg : "", k ? "common" : "own", o->help);
    }
}

/* -- version: the libraries that are really linked -- */

extern const char fftw_version[] __attribute__((weak));
extern const char fftwf_version[] __attribute__((weak));
extern const char *gsl_version __attribute__((weak));
const char *mj_versionString(void) __attribute__((weak));
const char *png_get_libpng_ver(const void *png) __attribute__((weak));

void vr_print_version(const vr_tool *tool)
{
  printf("%s %s (HDF5 %s", tool->name, VR_VERSION, vr_h5_version());
  const char *volatile fftw = fftw_version, *volatile fftwf = fftwf_version;
  const char *const *volatile gsl = &gsl_version;
  if (fftw || fftwf) printf(", %s", fftw ? fftw : fftwf);
  if (gsl) printf(", GSL %s", *gsl);
  if (vr_blas_name()) printf(", %s", vr_blas_name());
  if (mj_versionString) printf(", MuJoCo %s", mj_versionString());
  if (png_get_libpng_ver) printf(", libpng %s", png_get_libpng_ver(NULL));
  printf(")\nSources: Apache-2.0. Programs linked with FFTW and GSL: GPL-3.\n");
}
