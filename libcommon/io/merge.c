#include "io/stream.h"
#include "base/err.h"

int vr_source_merge(vr_source *s, int mode, vr_turn **t)
{
  vr_turn *more;
  VR_TRY(vr_source_next(s, mode, t));
  if (!*t) return 0;
  VR_TRY(vr_source_next(s, mode, &more));
  if (!more) return 0;
  vr_turn_free(more);
  return vr_fail(VR_EARG, "the stream has several images: join them first (vr-cat)");
}
