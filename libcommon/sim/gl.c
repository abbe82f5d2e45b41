#include "sim/gl.h"
#include "base/err.h"
#include "base/mem.h"
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

/* What is needed of EGL 1.5, from its specification; its headers are not. */
typedef void *egl_thing; /* display, configuration, context, surface, device */
enum {
  EGL_NONE = 0x3038,
  EGL_SURFACE_TYPE = 0x3033,
  EGL_PBUFFER_BIT = 1,
  EGL_RENDERABLE_TYPE = 0x3040,
  EGL_OPENGL_BIT = 8,
  EGL_OPENGL_API = 0x30A2,
  EGL_PLATFORM_DEVICE = 0x313F,
  EGL_PLATFORM_SURFACELESS = 0x31DD,
  EGL_MAX_DEVICES = 16,
};

struct vr_gl {
  void *library;
  egl_thing display, context;
  void *(*address)(const char *name);
  unsigned (*bind)(unsigned api);
  unsigned (*initialize)(egl_thing display, int32_t *major, int32_t *minor);
  unsigned (*choose)(
    egl_thing display, const int32_t *wanted, egl_thing *config, int32_t size, int32_t *n);
  egl_thing (*create)(
    egl_thing display, egl_thing config, egl_thing share, const int32_t *attributes);
  unsigned (*current)(egl_thing display, egl_thing draw, egl_thing read, egl_thing context);
  unsigned (*destroy)(egl_thing display, egl_thing context);
  unsigned (*terminate)(egl_thing display);
};

// ISO C has no conversion from a data pointer to a function's; POSIX promises the same bits
#define FIND(gl, member, name) (*(void **)&(gl)->member = dlsym((gl)->library, name))

static int load(vr_gl *gl)
{
  // a driver's own notes would stand between our messages
  setenv("EGL_LOG_LEVEL", "fatal", 0);
  gl->library = dlopen("libEGL.so.1", RTLD_NOW | RTLD_GLOBAL);
  if (!gl->library)
    return vr_fail(
      VR_EIO, "pictures need EGL: install the Debian packages libegl1 and libgl1-mesa-dri");
  if (!FIND(gl, address, "eglGetProcAddress") || !FIND(gl, bind, "eglBindAPI") ||
      !FIND(gl, initialize, "eglInitialize") || !FIND(gl, choose, "eglChooseConfig") ||
      !FIND(gl, create, "eglCreateContext") || !FIND(gl, current, "eglMakeCurrent") ||
      !FIND(gl, destroy, "eglDestroyContext") || !FIND(gl, terminate, "eglTerminate"))
    return vr_fail(VR_EIO, "libEGL.so.1 lacks a function of EGL 1.4: install libegl1");
  return 0;
}

// a context on this display; 0 when it cannot be
static int take(vr_gl *gl, egl_thing display)
{
  static const int32_t wanted[] = {
    EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
  egl_thing config;
  int32_t n = 0;
  if (!display || !gl->initialize(display, NULL, NULL)) return 0;
  gl->display = display;
  if (gl->bind(EGL_OPENGL_API) && gl->choose(display, wanted, &config, 1, &n) && n == 1)
    gl->context = gl->create(display, config, NULL, NULL);
  if (gl->context && gl->current(display, NULL, NULL, gl->context)) return 1;
  if (gl->context) gl->destroy(display, gl->context);
  gl->terminate(display);
  gl->display = gl->context = NULL;
  return 0;
}

// Mesa without a surface, which is the same on every machine; else the first device that will do
static int start(vr_gl *gl)
{
  egl_thing (*display_of)(unsigned platform, void *native, const int32_t *attributes);
  unsigned (*devices)(int32_t size, egl_thing * device, int32_t * n);
  egl_thing device[EGL_MAX_DEVICES];
  int32_t n = 0;
  *(void **)&display_of = gl->address("eglGetPlatformDisplayEXT");
  *(void **)&devices = gl->address("eglQueryDevicesEXT");
  if (display_of) {
    if (take(gl, display_of(EGL_PLATFORM_SURFACELESS, NULL, NULL))) return 0;
    if (!devices || !devices(EGL_MAX_DEVICES, device, &n)) n = 0;
    for (int32_t i = 0; i < n; i++)
      if (take(gl, display_of(EGL_PLATFORM_DEVICE, device[i], NULL))) return 0;
  }
  return vr_fail(VR_EIO,
    "pictures need OpenGL without a screen, and no driver has it: install the Debian package "
    "libgl1-mesa-dri");
}

int vr_gl_open(vr_gl **gl)
{
  VR_TRY(vr_alloc(gl, 1, sizeof **gl));
  int code = load(*gl);
  if (!code) code = start(*gl);
  if (code) {
    vr_gl_close(*gl);
    *gl = NULL;
  }
  return code;
}

void vr_gl_close(vr_gl *gl)
{
  if (!gl) return;
  if (gl->context) {
    gl->current(gl->display, NULL, NULL, NULL);
    gl->destroy(gl->display, gl->context);
  }
  // drivers do not survive being unloaded: library and display stay until the process ends
  vr_release(gl);
}
