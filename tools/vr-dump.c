/* vr-dump.c -- the numbers of a stream as text: TSV, JSON, or a list of what is there. */
#include "cli/tool.h"
#include "io/describe.h"
#include "io/paths.h"
#include "io/rowtext.h"
#include <string.h>

static int list, json, with_time, with_trial, no_header;
static const char *attribute;

static const vr_opt opts[] = {
  {'l', "list", VR_OPT_FLAG, &list, 0, 0, NULL,
    "list the datasets: path, shape, type, units, size"},
  {'j', "json", VR_OPT_FLAG, &json, 0, 0, NULL, "one JSON object an image, with attributes"},
  {'a', "attribute", VR_OPT_STR, &attribute, 0, 0, "NAME", "only this attribute of what -i names"},
  {'t', "time", VR_OPT_FLAG, &with_time, 0, 0, NULL,
    "start each row with its time, or its name on another axis"},
  {'T', "trial", VR_OPT_FLAG, &with_trial, 0, 0, NULL, "start each row with its trial"},
  {'H', "no-header", VR_OPT_FLAG, &no_header, 0, 0, NULL, "leave out the line of names"},
};

static const vr_tool tool = {
  .name = "vr-dump",
  .what = "numbers of a stream as text",
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_TEXT | VR_TOOL_SERIAL,
};

static void flush(vr_cli *cli, vr_str *text)
{
  vr_must(vr_str_ok(text));
  fwrite(vr_str_get(text), 1, text->n, vr_cli_text(cli));
  vr_str_clear(text);
}

// the datasets meant by the options: those named, members of groups, or all with a row a frame
static int choose(const vr_cli *cli, const vr_h5 *f, vr_paths *chosen)
{
  for (size_t i = 0; cli->took && i < cli->ntake; i++)
    VR_TRY(vr_paths_below(f, cli->take[i], chosen));
  return cli->took ? 0 : vr_paths_frames(f, chosen);
}

static void dump_rows(vr_cli *cli, const vr_turn *t, vr_str *header)
{
  vr_paths chosen = {0};
  vr_rowtext *rows;
  vr_str text = {0};
  vr_must(choose(cli, t->in, &chosen));
  if (!chosen.n)
    vr_must(vr_fail(VR_EDATA, "no dataset has a row a frame; -l lists what is there, -i names it"));
  vr_must(vr_paths_lead(t->in, with_time, with_trial, &chosen));
  vr_must(vr_rowtext_open(t->in, (const char *const *)chosen.path, chosen.n, &rows));
  // the names once, and the same for every image
  vr_must(vr_rowtext_header(rows, &text));
  if (!header->n) {
    vr_str_addn(header, text.s, text.n);
    if (!no_header) flush(cli, &text);
  } else if (strcmp(header->s, text.s)) {
    vr_must(vr_fail(VR_EDATA, "has other columns than the image before it"));
  }
  vr_str_clear(&text);
  for (int more = 1; more;) {
    vr_must(vr_rowtext_next(rows, &text, &more));
    flush(cli, &text);
  }
  vr_rowtext_free(rows);
  vr_paths_free(&chosen);
  vr_str_free(&text);
}

static void dump_json(vr_cli *cli, const vr_turn *t)
{
  vr_paths all = {0}, asked = {0};
  vr_str text = {0};
  if (cli->took) vr_must(choose(cli, t->in, &asked));
  vr_must(vr_paths_all(t->in, &all));
  vr_must(vr_describe_open(t->in, &text));
  for (size_t i = 0; i < all.n; i++) {
    int data =
      cli->took ? vr_paths_has(&asked, all.path[i]) : vr_describe_small(t->in, all.path[i]);
    if (cli->took && !data) continue;
    vr_must(vr_describe_dataset(t->in, all.path[i], &text));
    // numbers a block at a time
    for (size_t row = 0, more = data; more;) {
      vr_must(vr_describe_values(t->in, all.path[i], &row, &more, &text));
      flush(cli, &text);
    }
    vr_str_add(&text, "}");
    flush(cli, &text);
  }
  vr_str_add(&text, "}\n");
  flush(cli, &text);
  vr_paths_free(&all);
  vr_paths_free(&asked);
  vr_str_free(&text);
}

static void dump_attributes(vr_cli *cli, const vr_turn *t)
{
  vr_str text = {0};
  for (size_t i = 0; i < cli->ntake; i++) {
    vr_must(vr_describe_attr(t->in, cli->take[i], attribute, &text));
    vr_str_addc(&text, '\n');
  }
  flush(cli, &text);
  vr_str_free(&text);
}

int main(int argc, char **argv)
{
  vr_str header = {0};
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (list + json + !!attribute > 1) vr_misuse("--list, --json and --attribute exclude each other");
  if (attribute && !cli.took) vr_misuse("--attribute: name the dataset or group that has it (-i)");
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    if (list) {
      vr_str text = {0};
      vr_must(vr_describe_list(t->in, &text));
      flush(&cli, &text);
      vr_str_free(&text);
    } else if (attribute) {
      dump_attributes(&cli, t);
    } else if (json) {
      dump_json(&cli, t);
    } else {
      dump_rows(&cli, t, &header);
    }
    vr_cli_drop(&cli, t);
  }
  vr_str_free(&header);
  return vr_cli_end(&cli);
}
