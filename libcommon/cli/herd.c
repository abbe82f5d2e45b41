#include "cli/herd.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/policy.h"
#include "cli/tool.h"
#include "rl/toy.h"
#include <string.h>

/* Splits at commas; a piece key=value goes on with the task before it. */
static void split_tasks(const char *text, vr_herd_of *h)
{
  char **piece;
  size_t n, used = 0;
  vr_must(vr_str_split(text, ",", &piece, &n));
  for (size_t i = 0; i < n; i++) {
    int more = used && strchr(piece[i], '=') && !strchr(piece[i], ':');
    if (!*piece[i]) vr_misuse("--tasks %s: an empty name", text);
    if (more)
      piece[i][-1] = ','; // the strings lie one behind the other
    else
      piece[used++] = piece[i];
  }
  h->spec = piece;
  h->nshare = used;
  if (used > VR_RATS_SCENES) vr_misuse("more than %d tasks", VR_RATS_SCENES);
}

/* The teacher of a task by the words TASK=TEACHER. */
static const char *teacher_of(const vr_herd_words *words, const char *task)
{
  size_t n = strlen(task);
  for (size_t i = 0; i < words->teachers->n; i++) {
    const char *word = words->teachers->item[i];
    if (strncmp(word, task, n) || word[n] != '=') continue;
    return strcmp(word + n + 1, "builtin") ? word + n + 1 : "teacher";
  }
  return words->teach ? "teacher" : NULL;
}

static void check_teachers(const vr_herd_words *words, const vr_herd_of *h)
{
  for (size_t i = 0; i < words->teachers->n; i++) {
    const char *word = words->teachers->item[i], *is = strchr(word, '=');
    size_t k = 0;
    if (!is) vr_misuse("--teacher %s: say TASK=TEACHER, such as flat=builtin", word);
    while (k < h->nshare && (strlen(h->stage[k].task.name) != (size_t)(is - word) ||
                              strncmp(h->stage[k].task.name, word, (size_t)(is - word))))
      k++;
    if (k == h->nshare)
      vr_misuse("--teacher %s: %.*s is not among the tasks", word, (int)(is - word), word);
  }
}

/* A teacher is named, or is a policy in a file. */
static void set_teacher(const vr_herd_words *words, vr_herd_of *h, size_t k, vr_rats_share *share)
{
  vr_str who = {0};
  share->teacher = teacher_of(words, share->task);
  if (!share->teacher || !vr_names_policy(share->teacher)) return;
  vr_open_policy(share->teacher, words->seed, words->turn, h->guide + k, &who);
  share->teacher = NULL;
  share->guide = h->guide + k;
  vr_str_free(&who);
}

static void open_rats(const vr_herd_words *words, vr_herd_of *h)
{
  vr_rats_share share[VR_RATS_SCENES];
  for (size_t k = 0; k < h->nshare; k++) {
    vr_stage *s = h->stage + k;
    vr_stage_open(s, h->spec[k], words->step);
    share[k] = (vr_rats_share){.scene = s->scene, .task = s->task.name};
    set_teacher(words, h, k, share + k);
  }
  check_teachers(words, h);
  vr_rats_par par = {.seed = words->seed,
    .first = (uint32_t)words->first,
    .seconds = words->seconds,
    .eye = words->eye,
    .threads = words->threads,
    .gaits = h->stage->gaits};
  vr_must(vr_rats_herd(share, h->nshare, (size_t)words->animals, &par, &h->herd));
}

void vr_share_herd(const vr_ranks *everyone, int crew, int all, vr_herd_words *words)
{
  int acting = everyone->size - (crew != 0), number = everyone->rank;
  if (crew && number) number--;
  words->animals = all / acting;
  words->first = words->animals * number;
}

void vr_open_herd(const vr_herd_words *words, vr_herd_of *h)
{
  split_tasks(words->tasks, h);
  if (!vr_toy_is(h->spec[0])) {
    open_rats(words, h);
    return;
  }
  if (h->nshare > 1) vr_misuse("a toy is trained alone");
  vr_must(
    vr_toy_herd(h->spec[0], (size_t)words->animals, words->seed, (uint32_t)words->first, &h->herd));
}

void vr_close_herd(vr_herd_of *h)
{
  vr_herd_free(&h->herd);
  for (size_t k = 0; k < h->nshare; k++) {
    vr_stage_close(h->stage + k);
    vr_policy_free(h->guide + k);
  }
  vr_release(h->spec);
}

void vr_name_heads(const vr_herd *h, vr_policy *p)
{
  if (h->ntask > 1 && p->arch.nvalue == 1) return;
  for (size_t k = 0; k < h->ntask; k++) {
    int head = vr_policy_head(p, h->name[k]);
    if (head >= 0) strncpy(p->head[head], h->name[k], sizeof *p->head - 1);
  }
}

double vr_parse_duration(const char *word)
{
  static const struct {
    char unit;
    double seconds;
  } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}};
  char number[32] = "";
  size_t n = strlen(word);
  double factor = 1, x = 0;
  for (size_t i = 0; n && i < VR_LEN(units); i++)
    if (word[n - 1] == units[i].unit) {
      factor = units[i].seconds;
      n--;
      break;
    }
  if (n < sizeof number) memcpy(number, word, n);
  if (vr_str_number(number, &x) || x <= 0) vr_misuse("'%s' is no time: say 90m, 2h or 30s", word);
  return x * factor;
}
