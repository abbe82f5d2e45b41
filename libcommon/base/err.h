/* err.h -- why a call failed.
 *
 * A function that can fail returns 0 or `return vr_fail(CODE, "what, where and what to do")`. The
 * message is kept per thread until the next failure, so that the tool at the top can print it. */
#ifndef VR_BASE_ERR_H
#define VR_BASE_ERR_H

enum {
  VR_OK = 0,
  VR_EARG,  /* the caller asked for something impossible */
  VR_EMEM,  /* memory */
  VR_EIO,   /* reading or writing failed */
  VR_EDATA, /* the input is not what it should be */
  VR_ENUM,  /* a computation did not converge or left the finite numbers */
};

/* Records the message and returns code. */
int vr_fail(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Puts "fmt: " before the recorded message and returns code; for 0 it does nothing. */
int vr_wrap(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The message of the last failure in this thread; "" before the first one. */
const char *vr_errmsg(void);

/* Leaves the calling function with the error of `call`, if it has one. */
#define VR_TRY(call)                                                                               \
  do {                                                                                             \
    int vr_try_ = (call);                                                                          \
    if (vr_try_) return vr_try_;                                                                   \
  } while (0)

#define VR_LEN(array) (sizeof(array) / sizeof((array)[0]))

#endif
