#include "cli/gnuplot.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/tool.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* -- definitions -- */

// Text to show: what cannot be printed made visible, double quotes as they are.
static void show(vr_str *t, const char *text)
{
  static const char quote[] = "\\x22";
  vr_str plain = {0};
  vr_str_add_escaped(&plain, text, strlen(text), 200);
  const char *at = vr_str_get(&plain);
  for (const char *next; (next = strstr(at, quote)); at = next + strlen(quote)) {
    vr_str_addn(t, at, (size_t)(next - at));
    vr_str_addc(t, '"');
  }
  vr_str_add(t, at);
  if (plain.failed) t->failed = 1;
  vr_str_free(&plain);
}

// 'text' in gnuplot's single quotes, in which nothing but the quote itself is special
static void add_quoted(vr_str *code, const char *text)
{
  vr_str plain = {0};
  show(&plain, text);
  vr_str_addc(code, '\'');
  for (const char *p = vr_str_get(&plain); *p; p++) {
    if (*p == '\'') vr_str_addc(code, '\'');
    vr_str_addc(code, *p);
  }
  vr_str_addc(code, '\'');
  if (plain.failed) code->failed = 1;
  vr_str_free(&plain);
}

void vr_figure_number(vr_figure *f, const char *name, double x)
{
  vr_str_addf(&f->code, "%s = %.10g\n", name, x);
}

void vr_figure_text(vr_figure *f, const char *name, const char *text)
{
  vr_str_addf(&f->code, "%s = ", name);
  add_quoted(&f->code, text);
  vr_str_addc(&f->code, '\n');
}

void vr_figure_quote(vr_figure *f, const char *text)
{
  add_quoted(&f->code, text);
}

void vr_figure_texts(vr_figure *f, const char *name, char *const *text, size_t n)
{
  vr_str_addf(&f->code, "array %s[%zu]\n", name, n ? n : 1);
  for (size_t k = 0; k < (n ? n : 1); k++) {
    vr_str_addf(&f->code, "%s[%zu] = ", name, k + 1);
    add_quoted(&f->code, n ? text[k] : "");
    vr_str_addc(&f->code, '\n');
  }
}

void vr_figure_colours(vr_figure *f, const char *name, const uint32_t *colour, size_t n)
{
  vr_str_addf(&f->code, "array %s[%zu]\n", name, n ? n : 1);
  for (size_t k = 0; k < (n ? n : 1); k++)
    vr_str_addf(&f->code, "%s[%zu] = '#%06x'\n", name, k + 1, n ? colour[k] : 0);
}

void vr_figure_data(vr_figure *f, const char *name)
{
  vr_str_addf(&f->code, "$%s << END_OF_DATA\n", name);
}

void vr_figure_data_end(vr_figure *f)
{
  static const char start[] = " << END_OF_DATA\n";
  size_t n = sizeof start - 1;
  if (f->code.n >= n && !memcmp(f->code.s + f->code.n - n, start, n))
    vr_str_add(&f->code, "NaN\tNaN\tNaN\tNaN\n");
  vr_str_add(&f->code, "END_OF_DATA\n");
}

void vr_figure_field(vr_figure *f, const char *text)
{
  vr_str_addc(&f->code, '"');
  vr_str_add_escaped(&f->code, text, strlen(text), 200);
  vr_str_addc(&f->code, '"');
}

static int write_all(int fd, const void *data, size_t n)
{
  for (const char *p = data; n;) {
    ssize_t k = write(fd, p, n);
    if (k < 0 && errno == EINTR) continue;
    if (k <= 0) return vr_fail(VR_EIO, "the temporary folder is full (set TMPDIR)");
    p += k;
    n -= (size_t)k;
  }
  return 0;
}

int vr_figure_image(vr_figure *f, const char *name, const vr_image *im, const vr_view *box)
{
  if (f->images == VR_FIGURE_IMAGES) return vr_fail(VR_EARG, "too many images in a figure");
  vr_spool *s = &f->image[f->images];
  VR_TRY(vr_spool_new(s));
  f->images++;
  VR_TRY(write_all(s->fd, im->a, 4 * im->w * im->h));
  double dx = (box->x1 - box->x0) / (double)im->w, dy = (box->y1 - box->y0) / (double)im->h;
  vr_str_addf(&f->code, "%s_FILE = ", name);
  add_quoted(&f->code, s->path);
  vr_str_addf(&f->code, "\n%s_W = %zu\n%s_H = %zu\n", name, im->w, name, im->h);
  vr_str_addf(
    &f->code, "%s_X = %.10g\n%s_Y = %.10g\n", name, box->x0 + dx / 2, name, box->y0 + dy / 2);
  vr_str_addf(&f->code, "%s_DX = %.10g\n%s_DY = %.10g\n", name, dx, name, dy);
  return 0;
}

void vr_figure_ramp(vr_figure *f, vr_ramp ramp, double low, double high, double power)
{
  enum { STEPS = 32 };
  vr_str_add(&f->code, "set palette defined (");
  for (int k = 0; k <= STEPS; k++) {
    double s = (double)k / STEPS;
    vr_str_addf(&f->code, "%s%.6g '#%06x'", k ? ", " : "", s,
      vr_ramp_colour(ramp, power == 1 ? s : __builtin_pow(s, power)));
  }
  vr_str_addf(&f->code, ")\nset cbrange [%.10g:%.10g]\n", low, high);
}

/* -- drawing -- */

static void add_terminal(const vr_figure *f, vr_str *code)
{
  switch (f->format) {
  case VR_SVG:
    vr_str_addf(code,
      "set terminal svg noenhanced size %.10g,%.10g font 'Helvetica,12' "
      "background rgb 'white'\n",
      f->w, f->h);
    break;
  case VR_PNG:
    vr_str_addf(code,
      "set terminal pngcairo noenhanced size %.0f,%.0f font 'Helvetica,9' "
      "fontscale %d linewidth %d pointscale %d\n",
      VR_FIGURE_SCALE * f->w, VR_FIGURE_SCALE * f->h, VR_FIGURE_SCALE, VR_FIGURE_SCALE,
      VR_FIGURE_SCALE);
    break;
  case VR_PDF:
    vr_str_addf(code,
      "set terminal pdfcairo noenhanced size %.10gin,%.10gin font 'Helvetica,9' "
      "fontscale 1 background rgb 'white'\n",
      f->w / 96, f->h / 96);
    break;
  }
}

// the whole script: terminal, definitions, what share/plot does with them
static int write_script(const vr_figure *f, const char *kind, int fd)
{
  vr_str code = {0}, file = {0};
  char *theme = NULL, *plot = NULL;
  vr_str_addf(&file, "plot/%s.gp", kind);
  int status = vr_str_ok(&file);
  if (!status) status = vr_share_path("plot/theme.gp", &theme);
  if (!status) status = vr_share_path(file.s, &plot);
  if (!status) {
    vr_str_add(&code, "set encoding utf8\n");
    add_terminal(f, &code);
    vr_str_addf(&code, "WIDTH = %.10g\nHEIGHT = %.10g\nPOINT = %g\nTITLE = ", f->w, f->h,
      f->format == VR_SVG ? 1 : 0.75);
    add_quoted(&code, f->title ? f->title : "");
    vr_str_add(&code, "\nload ");
    add_quoted(&code, theme);
    vr_str_addc(&code, '\n');
    vr_str_addn(&code, vr_str_get(&f->code), f->code.n);
    vr_str_add(&code, "load ");
    add_quoted(&code, plot);
    vr_str_addc(&code, '\n');
    status = f->code.failed ? VR_EMEM : vr_str_ok(&code);
  }
  if (!status) status = write_all(fd, code.s, code.n);
  vr_release(theme);
  vr_release(plot);
  vr_str_free(&file);
  vr_str_free(&code);
  return status;
}

// everything a file holds, with a NUL behind it
static int read_back(int fd, vr_str *text)
{
  char buf[65536];
  ssize_t n;
  if (lseek(fd, 0, SEEK_SET) < 0) return vr_fail(VR_EIO, "%s", strerror(errno));
  while ((n = read(fd, buf, sizeof buf)) > 0) vr_str_addn(text, buf, (size_t)n);
  return n < 0 ? vr_fail(VR_EIO, "%s", strerror(errno)) : vr_str_ok(text);
}

// the first line of what gnuplot said on standard error that tells something
static int tell_failure(int fd)
{
  vr_str said = {0}, plain = {0};
  const char *line = "it said nothing";
  if (!read_back(fd, &said) && said.n) {
    line = said.s;
    char *error = strstr(said.s, "line ");
    if (error) line = error;
  }
  vr_str_add_escaped(&plain, line, strcspn(line, "\n"), 300);
  int code = vr_fail(VR_EIO, "gnuplot failed: %s", vr_str_get(&plain));
  vr_str_free(&plain);
  vr_str_free(&said);
  return code;
}

static int run_gnuplot(const char *script, int out, int err)
{
  char *argv[] = {"gnuplot", "-d", (char *)script, NULL};
  posix_spawn_file_actions_t a;
  pid_t child;
  int status;
  posix_spawn_file_actions_init(&a);
  posix_spawn_file_actions_addopen(&a, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&a, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&a, err, STDERR_FILENO);
  int error = posix_spawnp(&child, argv[0], &a, NULL, argv, environ);
  posix_spawn_file_actions_destroy(&a);
  if (error == ENOENT)
    return vr_fail(VR_EIO, "gnuplot is not installed: install the package gnuplot-nox");
  if (error) return vr_fail(VR_EIO, "gnuplot cannot be run: %s", strerror(error));
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return vr_fail(VR_EIO, "gnuplot was lost: %s", strerror(errno));
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : tell_failure(err);
}

static void add_xml(vr_str *t, const char *text)
{
  vr_str plain = {0};
  show(&plain, text);
  for (const char *p = vr_str_get(&plain); *p; p++) switch (*p) {
    case '<': vr_str_add(t, "&lt;"); break;
    case '>': vr_str_add(t, "&gt;"); break;
    case '&': vr_str_add(t, "&amp;"); break;
    default: vr_str_addc(t, *p);
    }
  vr_str_free(&plain);
}

// SVG: our title in place of gnuplot's name and version, and fonts that every viewer has
static int write_svg(const vr_figure *f, const vr_str *svg, const char *kind, FILE *out)
{
  static const char font[] = "font-family=\"Helvetica\"";
  vr_str t = {0};
  const char *at = svg->s, *head = strstr(at, "<title>"), *tail = strstr(at, "</desc>");
  if (head && tail && head < tail) {
    vr_str_addn(&t, at, (size_t)(head - at));
    vr_str_add(&t, "<title>");
    add_xml(&t, f->title && *f->title ? f->title : kind);
    vr_str_add(&t, "</title>");
    at = tail + strlen("</desc>");
  }
  for (const char *next; (next = strstr(at, font)); at = next + strlen(font)) {
    vr_str_addn(&t, at, (size_t)(next - at));
    vr_str_add(&t, "font-family=\"Helvetica, Arial, sans-serif\"");
  }
  vr_str_add(&t, at);
  int code = vr_str_ok(&t);
  if (!code && fwrite(t.s, 1, t.n, out) != t.n)
    code = vr_fail(VR_EIO, "the temporary folder is full (set TMPDIR)");
  vr_str_free(&t);
  return code;
}

int vr_figure_draw(vr_figure *f, const char *kind, FILE *out)
{
  vr_spool script = {.fd = -1}, drawn = {.fd = -1}, said = {.fd = -1};
  vr_str text = {0};
  int code = vr_spool_new(&script);
  if (!code) code = vr_spool_new(&drawn);
  if (!code) code = vr_spool_new(&said);
  if (!code) code = write_script(f, kind, script.fd);
  if (!code) code = run_gnuplot(script.path, drawn.fd, said.fd);
  if (!code) code = read_back(drawn.fd, &text);
  if (!code && !text.n) code = tell_failure(said.fd);
  if (!code && f->format == VR_SVG)
    code = write_svg(f, &text, kind, out);
  else if (!code && fwrite(text.s, 1, text.n, out) != text.n)
    code = vr_fail(VR_EIO, "the temporary folder is full (set TMPDIR)");
  vr_str_free(&text);
  vr_spool_free(&script);
  vr_spool_free(&drawn);
  vr_spool_free(&said);
  return code;
}

void vr_figure_free(vr_figure *f)
{
  for (size_t k = 0; k < f->images; k++) vr_spool_free(&f->image[k]);
  vr_str_free(&f->code);
  *f = (vr_figure){0};
}
