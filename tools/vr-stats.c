/* vr-stats.c -- one line an image: animals, trials, points, frames, rate, length, missing share. */
#include "base/align.h"
#include "base/json.h"
#include "base/number.h"
#include "cli/tool.h"
#include "io/summary.h"
#include <math.h>
#include <string.h>

static int json;

static const vr_opt opts[] = {
  {'j', "json", VR_OPT_FLAG, &json, 0, 0, NULL, "one JSON object an image"},
};

static const vr_tool tool = {
  .name = "vr-stats",
  .what = "one line a recording",
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_TEXT | VR_TOOL_SERIAL,
};

// "1:02:03.5"
static void add_duration(vr_str *text, double s)
{
  if (isnan(s)) {
    vr_str_addc(text, '-');
    return;
  }
  double tenths = nearbyint(10 * s), whole = floor(tenths / 10);
  vr_str_addf(text, "%.0f:%02.0f:%02.0f.%.0f", floor(whole / 3600), fmod(floor(whole / 60), 60),
    fmod(whole, 60), fmod(tenths, 10));
}

static void add_count(vr_str *text, double x)
{
  char buf[VR_NUMBER_MAX];
  if (isnan(x))
    vr_str_addc(text, '-');
  else
    vr_str_addn(text, buf, vr_number_f64(buf, x));
  vr_str_addc(text, '\t');
}

static void add_line(vr_str *text, const char *name, const vr_summary *s)
{
  vr_str_addf(text, "%s\t", name);
  add_count(text, s->animals);
  add_count(text, s->trials);
  add_count(text, s->points);
  add_count(text, s->joints);
  add_count(text, s->frames);
  if (isnan(s->rate))
    vr_str_add(text, "-\t");
  else
    vr_str_addf(text, "%.10g Hz\t", s->rate);
  add_duration(text, s->duration);
  if (isnan(s->missing))
    vr_str_add(text, "\t-\n");
  else
    vr_str_addf(text, "\t%.3g%%\n", 100 * s->missing);
}

static void add_object(vr_str *text, const char *name, const vr_summary *s)
{
  const struct {
    const char *key;
    double value;
  } part[] = {{"animals", s->animals}, {"trials", s->trials}, {"points", s->points},
    {"joints", s->joints}, {"frames", s->frames}, {"rate", s->rate}, {"duration", s->duration},
    {"missing", s->missing}};
  vr_str_add(text, "{\"file\":");
  vr_json_add_string(text, name, strlen(name));
  for (size_t i = 0; i < VR_LEN(part); i++) {
    vr_str_addf(text, ",\"%s\":", part[i].key);
    vr_json_add_number(text, part[i].value);
  }
  vr_str_add(text, "}\n");
}

int main(int argc, char **argv)
{
  vr_str rows = {0}, text = {0};
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  vr_str_add(&rows, "file\tanimals\ttrials\tpoints\tjoints\tframes\trate\tduration\tmissing\n");
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    vr_summary s;
    vr_must(vr_summarise(t, &s));
    if (json)
      add_object(&text, t->name, &s);
    else
      add_line(&rows, t->name, &s);
    vr_cli_drop(&cli, t);
  }
  vr_must(vr_str_ok(&rows));
  if (!json) vr_str_align(&text, vr_str_get(&rows), "lrrrrrrrr");
  vr_must(vr_str_ok(&text));
  fwrite(vr_str_get(&text), 1, text.n, vr_cli_text(&cli));
  vr_str_free(&rows);
  vr_str_free(&text);
  return vr_cli_end(&cli);
}
