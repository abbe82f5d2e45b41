/* vr-render.c -- a recording as a film: the animal in its world, what it sees, and traces. */
#include "base/mem.h"
#include "cli/clip.h"
#include "cli/tool.h"
#include "io/png.h"
#include "io/record_task.h"
#include "io/y4m.h"
#include <math.h>
#include <unistd.h>

static vr_render_par par = VR_RENDER_DEFAULTS;
static int trial, every = 1, chroma, eye, text, bare;
static double from, to;
static const char *size, *png;
static vr_list traces;

static const vr_opt opts[] = {
  {'c', "camera", VR_OPT_STR, &par.camera, 0, 0, "NAME",
    "free, or one of the animal's: back, side, side_alt, top, egocentric"},
  {0, "distance", VR_OPT_DBL, &par.distance, 0.05, 100, "M", "of the free camera, m"},
  {0, "azimuth", VR_OPT_DBL, &par.azimuth, -360, 360, "DEG", "of the free camera, degrees"},
  {0, "elevation", VR_OPT_DBL, &par.elevation, -90, 90, "DEG", "of the free camera, degrees"},
  {'g', "size", VR_OPT_STR, &size, 0, 0, "WxH", "pixels (640x480)"},
  {0, "trial", VR_OPT_INT, &trial, -1, 1e9, "K", "this trial, from 0; -1: all of them"},
  {0, "from", VR_OPT_DBL, &from, 0, 1e9, "S", "from this second of a trial"},
  {0, "to", VR_OPT_DBL, &to, 0, 1e9, "S", "up to this second; 0: to the end"},
  {'n', "every", VR_OPT_INT, &every, 1, 1e6, "N", "one frame in N; the film's rate follows"},
  {'e', "eye", VR_OPT_FLAG, &eye, 0, 0, NULL, "what the eye sees, enlarged, at the top right"},
  {'t', "text", VR_OPT_FLAG, &text, 0, 0, NULL, "task, trial, time and events in words"},
  {'w', "trace", VR_OPT_LIST, &traces, 0, 0, "/PATH[:COLUMN,...]",
    "a dataset as lines below the picture; may be repeated"},
  {0, "window", VR_OPT_DBL, &par.window, 0.02, 1e6, "S", "seconds of a trace that are shown"},
  {0, "chroma", VR_OPT_WORD, &chroma, 0, 0, VR_Y4M_CHROMA_WORDS,
    "colour for four pixels together, or for each"},
  {0, "plain", VR_OPT_FLAG, &par.plain, 0, 0, NULL,
    "no shadows, reflections and smooth edges: five times faster"},
  {0, "bare", VR_OPT_FLAG, &bare, 0, 0, NULL,
    "no skin and textures of the released rat, where `make art` has fetched them"},
  {0, "png", VR_OPT_FILE, &png, 0, 0, "PATTERN",
    "PNG files instead, such as frame-%05d.png, numbered from 0"},
};

static const vr_tool tool = {
  .name = "vr-render",
  .what = "a recording as a film of the animal in its world",
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_TEXT | VR_TOOL_SERIAL | VR_TOOL_NOINPUT,
};

/* Where frames go, and what a frame is made in. */
typedef struct {
  vr_cli *cli;
  vr_body body;
  char *tasks, *art; /* folders */
  vr_render *view;
  double rate; /* of the film, Hz; 0: there is no frame yet */
  size_t frames, w, h, bytes;
  uint8_t *rgb, *planes;
  vr_str words;
} film;

static void check_options(const vr_cli *cli)
{
  char rest;
  int counts;
  vr_str name = {0};
  if (size && (sscanf(size, "%dx%d%c", &par.width, &par.height, &rest) != 2))
    vr_misuse("--size %.40s: say WIDTHxHEIGHT, such as 640x480", size);
  if (to > 0 && to <= from) vr_misuse("--to %g is not after --from %g", to, from);
  if (png && cli->out) vr_misuse("--png names the files itself: without -o");
  if (png) vr_must(vr_png_name(png, 0, &name, &counts));
  if (png && !counts) vr_misuse("--png %.200s: a %%05d in it tells frames apart", png);
  if (!png && !cli->out && isatty(STDOUT_FILENO))
    vr_misuse("standard output is a terminal: name a file (-o), pipe it into an encoder, or --png");
  vr_str_free(&name);
}

static void open_film(film *f, vr_cli *cli)
{
  char *rat;
  *f = (film){.cli = cli, .w = (size_t)par.width, .h = (size_t)par.height};
  vr_must(vr_share_path("task", &f->tasks));
  vr_must(vr_share_path("body/rat", &rat));
  vr_must(vr_body_load(rat, &f->body));
  vr_release(rat);
  par.body = &f->body;
  if (!bare && !vr_share_path("art", &f->art)) par.art = f->art;
  vr_must(vr_render_new(&par, &f->view));
  f->bytes = vr_y4m_size(f->w, f->h, (vr_y4m_chroma)chroma);
  vr_must(vr_alloc(&f->rgb, f->w * f->h, 3));
  vr_must(vr_alloc(&f->planes, f->bytes, 1));
}

static void close_film(film *f)
{
  vr_release(f->rgb);
  vr_release(f->planes);
  vr_str_free(&f->words);
  vr_render_free(f->view);
  vr_body_free(&f->body);
  vr_release(f->tasks);
  vr_release(f->art);
}

// the frame in f->rgb, to its file or behind the others
static void put_frame(film *f)
{
  vr_str *s = &f->words;
  int counts;
  if (png) {
    vr_must(vr_png_name(png, f->frames++, s, &counts));
    vr_must(vr_png_write(s->s, f->rgb, f->w, f->h));
    return;
  }
  FILE *out = vr_cli_text(f->cli);
  vr_str_clear(s);
  if (!f->frames++) vr_y4m_head(s, f->w, f->h, f->rate, (vr_y4m_chroma)chroma);
  vr_str_add(s, VR_Y4M_FRAME);
  vr_must(vr_str_ok(s));
  vr_y4m_planes(f->rgb, f->w, f->h, (vr_y4m_chroma)chroma, f->planes);
  if (fwrite(s->s, 1, s->n, out) != s->n || fwrite(f->planes, 1, f->bytes, out) != f->bytes)
    vr_must(vr_fail(VR_EIO, "the temporary folder is full (set TMPDIR): try --every or --to"));
}

static void pose(film *f, const vr_clip *c, size_t i)
{
  vr_must(vr_render_pose(f->view, c->root.a + i * c->root.cols, c->angles.a + i * c->angles.cols));
}

// events up to frame i that the world does not know yet; *next is the first of them
static void tell_events(film *f, const vr_clip *c, size_t i, size_t *next)
{
  for (; *next < c->nevents && c->event[*next].time * c->rate <= (double)i + 1e-6; ++*next) {
    const vr_clip_event *e = c->event + *next;
    pose(f, c, (size_t)fmax(round(e->time * c->rate), 0));
    vr_render_event(f->view, e->name, e->value);
  }
}

static void shoot(film *f, vr_clip *c, const char *task, size_t i)
{
  vr_render_over over = {
    .time = (double)i / c->rate, .see = eye, .strip = c->strip, .nstrips = c->nstrips};
  if (eye && c->has_eye) {
    vr_must(vr_clip_see(c, i));
    over.eye = c->eye;
  }
  vr_str_clear(&f->words);
  if (text) vr_clip_tell(c, task, i, &f->words);
  vr_must(vr_str_ok(&f->words));
  over.text = vr_str_get(&f->words);
  pose(f, c, i);
  vr_must(vr_render_draw(f->view, &over, f->rgb));
  put_frame(f);
}

// the world of trial k, and its frames
static void shoot_trial(film *f, const vr_turn *t, size_t k)
{
  vr_task task;
  vr_scene *scene;
  vr_clip clip;
  uint64_t seed;
  double step;
  vr_must(vr_recall_task(t, f->tasks, k, &task, &seed, &step));
  vr_must(vr_scene_of(&f->body, &task, step, &scene));
  vr_must(vr_clip_read(t, k, vr_scene_layout(scene), traces.item, traces.n, &clip));
  vr_must(vr_render_scene(f->view, scene, seed));
  if (!f->rate) f->rate = clip.rate / every;
  if (fabs(f->rate - clip.rate / every) > 1e-9 * f->rate)
    vr_must(vr_fail(
      VR_EDATA, "%g frames a second; the film has begun with %g", clip.rate / every, f->rate));
  size_t first = (size_t)fmin(ceil(from * clip.rate - 1e-6), (double)clip.frames);
  size_t end = clip.frames, next = 0;
  if (to > 0) end = (size_t)fmin(ceil(to * clip.rate - 1e-6), (double)end);
  for (size_t i = first; i < end; i += (size_t)every) {
    tell_events(f, &clip, i, &next);
    shoot(f, &clip, task.name, i);
    vr_progress("frames", (double)(i - first), (double)(end - first));
  }
  if (end > first) vr_progress("frames", (double)(end - first), (double)(end - first));
  vr_clip_free(&clip);
  vr_scene_free(scene);
  vr_task_free(&task);
}

int main(int argc, char **argv)
{
  film f = {0};
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  check_options(&cli);
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    vr_trials tr = {0};
    vr_must(vr_get_trials(t, &tr));
    if (!vr_turn_has(t, "/task"))
      vr_must(vr_fail(VR_EDATA,
        "/task: is not there: films show what vr-record or vr-simulate recorded, whose world is "
        "known; vr-plot draws tracked animals"));
    if (!f.cli) open_film(&f, &cli);
    size_t first = trial < 0 ? 0 : (size_t)trial, end = trial < 0 ? tr.n : first + 1;
    for (size_t k = first; k < end; k++) shoot_trial(&f, t, k);
    vr_trials_free(&tr);
    vr_cli_drop(&cli, t);
  }
  if (!f.frames) vr_must(vr_fail(VR_EDATA, "no frame lies between --from and --to"));
  close_film(&f);
  return vr_cli_end(&cli);
}
