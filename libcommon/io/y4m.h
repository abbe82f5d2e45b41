/* y4m.h -- uncompressed video that every encoder reads: YUV4MPEG2, 8 bits, limited range (BT.601).
 *
 *   vr_y4m_head(&head, ...) once a stream, then for each frame VR_Y4M_FRAME and vr_y4m_planes. */
#ifndef VR_IO_Y4M_H
#define VR_IO_Y4M_H
#include "base/str.h"
#include <stdint.h>

#define VR_Y4M_FRAME "FRAME\n" /* before the planes of each frame */

/* Chroma for each 2 x 2 pixels (their mean), or for each. */
typedef enum { VR_Y4M_420, VR_Y4M_444 } vr_y4m_chroma;
#define VR_Y4M_CHROMA_WORDS "420|444"

/* Adds the line that starts a stream. `rate` in Hz is written as the ratio nearest to it of two whole
 * numbers below 2^31. */
void vr_y4m_head(vr_str *out, size_t w, size_t h, double rate, vr_y4m_chroma chroma);

/* The ratio of vr_y4m_head: with the least denominator that gives rate to 1e-9 of it. */
void vr_y4m_ratio(double rate, int32_t *num, int32_t *den);

/* Bytes of the planes of a frame. */
size_t vr_y4m_size(size_t w, size_t h, vr_y4m_chroma chroma);

/* planes (Y, Cb, Cr) of rgb (h x w x 3, the top row first). Odd sides have a last column or row of
 * chroma of their own. */
void vr_y4m_planes(const uint8_t *rgb, size_t w, size_t h, vr_y4m_chroma chroma, uint8_t *planes);

#endif
