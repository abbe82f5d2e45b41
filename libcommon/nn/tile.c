#include "nn/tile.h"
#include "base/isa.h"
#include <string.h>
#pragma GCC optimize("fp-contract=fast")

// four floats a register, sixteen registers: any processor
#define NAME plain
#define TARGET
#define LANES 4
#define ROOM 12
#include "nn/tile_form.h"

#ifdef __x86_64__
#define NAME v3
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define LANES 8
#define ROOM 12
#include "nn/tile_form.h"

#define NAME v4
#define TARGET __attribute__((target("arch=x86-64-v4,prefer-vector-width=512")))
#define LANES 16
#define ROOM 24
#include "nn/tile_form.h"
#endif

void vr_tile_add(const vr_tile *t)
{
#ifdef __x86_64__
  if (vr_isa() >= 4) {
    v4_add(t);
    return;
  }
  if (vr_isa() >= 3) {
    v3_add(t);
    return;
  }
#endif
  plain_add(t);
}
