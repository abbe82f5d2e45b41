#include "rl/inputs.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <string.h>

static int missing(const char *name, const vr_sense *sense, size_t n)
{
  const char **names, *near = NULL;
  vr_str all = {0};
  VR_TRY(vr_alloc(&names, n, sizeof *names));
  for (size_t i = 0; i < n; i++) {
    names[i] = sense[i].name;
    vr_str_addf(&all, "%s%s", i ? ", " : "", sense[i].name);
  }
  near = vr_str_nearest(name, names, n);
  int code = vr_fail(VR_EDATA,
    "the network senses '%s', which this task does not offer%s%s%s (there are %s)", name,
    near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "", vr_str_get(&all));
  vr_release(names);
  vr_str_free(&all);
  return code;
}

int vr_inputs_find(const vr_arch *arch, const vr_sense *sense, size_t nsense, vr_inputs *in)
{
  *in = (vr_inputs){.nsense = arch->ninput};
  for (size_t k = 0; k < arch->ninput; k++) {
    size_t i = 0;
    while (i < nsense && strcmp(arch->input[k], sense[i].name)) i++;
    if (i == nsense) return missing(arch->input[k], sense, nsense);
    in->sense[k].first = sense[i].first;
    in->sense[k].n = sense[i].n;
    in->n += sense[i].n;
  }
  if (in->n != arch->nin)
    return vr_fail(VR_EDATA, "the senses of the network have %zu columns here, it was made for %zu",
      in->n, arch->nin);
  return 0;
}

void vr_inputs_take(const vr_inputs *in, const double *obs, float *x)
{
  for (size_t k = 0; k < in->nsense; k++)
    for (size_t i = 0; i < in->sense[k].n; i++) *x++ = (float)obs[in->sense[k].first + i];
}
