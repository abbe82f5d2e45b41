/* gl.h -- an OpenGL context without a screen, for the engine's renderer.
 *
 * EGL is loaded when it is asked for, so that nothing else needs it. The context is current on the
 * calling thread until vr_gl_close; there is one at a time. */
#ifndef VR_SIM_GL_H
#define VR_SIM_GL_H

typedef struct vr_gl vr_gl;

/* VR_EIO names the Debian packages to install where there is no EGL or no driver; VR_EMEM. */
int vr_gl_open(vr_gl **gl);
void vr_gl_close(vr_gl *gl); /* NULL is fine */

#endif
