/* isa.h -- which vector instructions the processor has, for kernels that come in several forms. */
#ifndef VR_BASE_ISA_H
#define VR_BASE_ISA_H

/* 4 or 3: all of x86-64-v4 or v3, as the psABI numbers them; 1: anything else. VR_ISA=v3 (or v1) in
 * the environment lowers it. */
int vr_isa(void);

#endif
