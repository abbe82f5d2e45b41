#include "cli/policy.h"
#include "base/mem.h"
#include "cli/tool.h"
#include "nn/conf.h"
#include "sim/task.h"
#include <string.h>
#include <unistd.h>

int vr_names_policy(const char *word)
{
  size_t n = strcspn(word, ":");
  return !strcmp(word, "-") || memchr(word, '.', n) || memchr(word, '/', n);
}

/* The file that is meant: `word` itself, or what share/`folder` has under that name. */
static void find_file(const char *word, const char *folder, vr_str *path)
{
  vr_str shared = {0};
  char *found = NULL;
  vr_str_clear(path);
  vr_str_add(path, word);
  if (strcmp(word, "-") && !strchr(word, '/') && access(word, F_OK)) {
    vr_str_addf(&shared, "%s/%s", folder, word);
    vr_must(vr_str_ok(&shared));
    if (!vr_share_path(shared.s, &found)) {
      vr_str_clear(path);
      vr_str_add(path, found);
    }
  }
  vr_must(vr_str_ok(path));
  vr_release(found);
  vr_str_free(&shared);
}

/* "a/rat.policy" is called rat */
static void name_it(const char *word, vr_str *who)
{
  const char *slash = strrchr(word, '/'), *name = slash ? slash + 1 : word;
  const char *dot = strrchr(name, '.');
  vr_str_clear(who);
  if (!strcmp(word, "-"))
    vr_str_add(who, "policy");
  else
    vr_str_add_escaped(who, name, dot && dot > name ? (size_t)(dot - name) : strlen(name), 40);
  vr_must(vr_str_ok(who));
}

static int is_conf(const char *word)
{
  size_t n = strlen(word);
  return n > 5 && !strcmp(word + n - 5, ".conf");
}

static void read_image(const char *path, vr_turn *t, vr_policy *p)
{
  char *operand[] = {(char *)path};
  vr_source source = {.operand = operand, .noperands = 1};
  vr_turn *in;
  vr_must(vr_source_next(&source, VR_TURN_READ, &in));
  vr_must(vr_wrap(vr_policy_get(in, p), "%s", in->name));
  const vr_h5 *from = in->in;
  if (t) vr_must(vr_history_merge(t->out, &from, 1));
  vr_turn_free(in);
  vr_source_close(&source);
}

void vr_open_policy(const char *word, uint64_t seed, vr_turn *t, vr_policy *p, vr_str *who)
{
  vr_str path = {0};
  vr_arch arch;
  name_it(word, who);
  if (is_conf(word)) {
    find_file(word, "agent", &path);
    vr_must(vr_conf_read(path.s, &arch));
    vr_must(vr_wrap(vr_policy_untrained(&arch, seed, p), "%s", path.s));
  } else {
    find_file(word, "policy", &path);
    read_image(path.s, t, p);
  }
  vr_str_free(&path);
}

void vr_settle_policy(const vr_layout *layout, vr_policy *p)
{
  for (size_t i = 0; !(p->frames > 0) && i < p->arch.nact && i < layout->nact; i++)
    p->offset[i] = (float)layout->hold[i];
}

static int is_task(const char *word)
{
  size_t n;
  const char *const *name = vr_task_names(&n);
  for (size_t i = 0; i < n; i++)
    if (!strcmp(word, name[i])) return 1;
  return 0;
}

size_t vr_policy_tasks(const vr_policy *p, const char *task[VR_POLICY_TASKS])
{
  static const char *const paper[] = {"gaps", "maze", "bowl", "twotap"};
  size_t n = 0;
  for (size_t i = 0; i < p->arch.nvalue && n < VR_POLICY_TASKS; i++)
    if (is_task(p->head[i])) task[n++] = p->head[i];
  if (n) return n;
  memcpy(task, paper, sizeof paper);
  return VR_LEN(paper);
}

/* Unit numbers "3", "3-8" or "*"; 0: not such numbers. */
static int parse_units(char *word, size_t units, size_t *first, size_t *last)
{
  double from = 1, to = (double)units;
  if (strcmp(word, "*")) {
    char *dash = strchr(word, '-');
    if (dash) *dash++ = 0;
    if (vr_str_number(word, &from) || vr_str_number(dash ? dash : word, &to)) return 0;
  }
  if (!(from >= 1 && from <= to && to <= (double)units)) return 0;
  *first = (size_t)from;
  *last = (size_t)to;
  return (double)*first == from && (double)*last == to;
}

/* One word; the pieces are cut out in place, and its units added. */
static void parse_clamp(
  const vr_policy *p, char *word, const char *typed, vr_clamp **clamp, size_t *nclamp)
{
  size_t n, k = 0, first, last;
  const vr_layer *l = vr_agent_layers(p->agent, &n);
  char *unit = strchr(word, ':'), *value = strchr(word, '=');
  double x;
  if (!unit || !value || value < unit) vr_misuse("--clamp %s: say LAYER:UNIT=VALUE", typed);
  *unit++ = *value++ = 0;
  vr_str have = {0};
  for (size_t i = 0; i < n; i++) vr_str_addf(&have, "%s%s", i ? ", " : "", l[i].name);
  while (k < n && strcmp(l[k].name, word)) k++;
  if (k == n)
    vr_misuse("--clamp %s: there is no such layer (there %s %s)", typed, n == 1 ? "is" : "are",
      n ? vr_str_get(&have) : "none");
  if (!parse_units(unit, l[k].units, &first, &last))
    vr_misuse("--clamp %s: %s has the units 1 .. %zu", typed, l[k].name, l[k].units);
  if (vr_str_number(value, &x)) vr_misuse("--clamp %s: '%s' is not a number", typed, value);
  vr_must(vr_grow(clamp, *nclamp, *nclamp + last - first + 1, sizeof **clamp));
  for (size_t i = first; i <= last; i++)
    (*clamp)[(*nclamp)++] = (vr_clamp){.layer = k, .unit = i - 1, .value = (float)x};
  vr_str_free(&have);
}

void vr_parse_clamps(const vr_policy *p, const vr_list *words, vr_clamp **clamp, size_t *n)
{
  *clamp = NULL;
  *n = 0;
  for (size_t i = 0; i < words->n; i++) {
    vr_str s = {0};
    vr_str_add(&s, words->item[i]);
    vr_must(vr_str_ok(&s));
    if (s.s) parse_clamp(p, s.s, words->item[i], clamp, n);
    vr_str_free(&s);
  }
}
