#include "cli/state.h"
#include "base/str.h"
#include "base/clock.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

vr_cli *vr_the_cli;

const char *vr_program(void)
{
  return vr_the_cli ? vr_the_cli->tool->name : "vr";
}

/* "vr-x: input: " and the message, one line */
static void say(const char *fmt, va_list ap)
{
  const vr_turn *t = vr_the_cli && vr_the_cli->state ? vr_the_cli->state->turn : NULL;
  fflush(stdout);
  fprintf(stderr, "%s: ", vr_program());
  if (t && t->name) fprintf(stderr, "%s: ", t->name);
  vfprintf(stderr, fmt, ap);
  fputc('\n', stderr);
}

void vr_note(const char *fmt, ...)
{
  va_list ap;
  if (vr_the_cli && vr_the_cli->quiet) return;
  va_start(ap, fmt);
  say(fmt, ap);
  va_end(ap);
}

static const char *next_line(const char *line)
{
  const char *end = strchrnul(line, '\n');
  return *end ? end + 1 : end;
}

/* "/basis (24), /cone (3)" of lines that start with a path */
static void add_groups(vr_str *text, const char *lines)
{
  for (const char *line = lines; *line; line = next_line(line)) {
    size_t n = 1 + strcspn(line + 1, "/:"), count = 0;
    int first = 1;
    for (const char *other = lines; *other; other = next_line(other)) {
      int same = !strncmp(other, line, n) && strchr("/:", other[n]);
      if (same && other < line) first = 0;
      count += (size_t)same;
    }
    if (!first) continue;
    vr_str_addf(text, "%s%.*s", text->n ? ", " : "", (int)n, line);
    if (count > 1) vr_str_addf(text, " (%zu)", count);
  }
}

void vr_tell_dropped(const char *lines)
{
  enum { FEW = 6 };
  size_t n = 0;
  vr_str groups = {0};
  for (const char *s = lines; *s; s++) n += *s == '\n';
  if (n > FEW && !(vr_the_cli && vr_the_cli->verbose)) {
    add_groups(&groups, lines);
    vr_note("left out, %zu datasets (-v tells why): %s", n, vr_str_get(&groups));
    vr_str_free(&groups);
    return;
  }
  for (const char *line = lines; *line; line = next_line(line))
    vr_note("left out: %.*s", (int)strcspn(line, "\n"), line);
}

void vr_note_lines(const char *lines)
{
  for (const char *line = lines; *line; line = next_line(line))
    vr_note("%.*s", (int)strcspn(line, "\n"), line);
}

void vr_detail(const char *fmt, ...)
{
  va_list ap;
  if (!vr_the_cli || !vr_the_cli->verbose) return;
  va_start(ap, fmt);
  say(fmt, ap);
  va_end(ap);
}

static void say_error(const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  say(fmt, ap);
  va_end(ap);
}

void vr_must(int code)
{
  if (!code) return;
  say_error("%s", vr_errmsg());
  vr_spool_unlink_all();
  exit(code == VR_EARG ? 2 : 1);
}

void vr_misuse(const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  say(fmt, ap);
  va_end(ap);
  vr_spool_unlink_all();
  exit(2);
}

/* -- progress -- */

static void add_duration(vr_str *t, double s)
{
  if (s < 100)
    vr_str_addf(t, "%.0f s", s);
  else if (s < 6000)
    vr_str_addf(t, "%.0f min", s / 60);
  else
    vr_str_addf(t, "%.1f h", s / 3600);
}

void vr_progress(const char *what, double done, double total)
{
  static const char *stage;
  static double start, last;
  double t = vr_clock();
  if (!vr_the_cli || vr_the_cli->quiet) return;
  if (stage != what) {
    stage = what;
    start = last = t;
  }
  int over = done >= total, terminal = isatty(STDERR_FILENO);
  if (!over && (!terminal || t - last < 0.2)) return;
  if (over && !terminal && t - start < 1) {
    stage = NULL;
    return; // a stage of under a second is not worth a line
  }
  vr_str line = {0};
  double rate = t > start ? done / (t - start) : 0;
  vr_str_addf(&line, "%s: %s %.0f of %.0f", vr_program(), what, done, total);
  if (rate > 0) vr_str_addf(&line, ", %.3g a second", rate);
  if (!over && rate > 0) {
    vr_str_add(&line, ", ");
    add_duration(&line, (total - done) / rate);
    vr_str_add(&line, " left");
  } else if (over) {
    vr_str_add(&line, ", ");
    add_duration(&line, t - start);
  }
  if (!line.failed) fprintf(stderr, terminal ? "\r%s\033[K%s" : "%s%s", line.s, over ? "\n" : "");
  vr_str_free(&line);
  last = t;
  if (over) stage = NULL;
}
