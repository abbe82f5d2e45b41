/* conf.h -- an architecture as readable text: the files of share/agent/.
 *
 * A line is a key and its words, with blanks between; # begins a comment. Every key stands once:
 *   inputs, columns, actions   senses by name, their columns together, actuators
 *   eye, features              none, strided or impala, and what it tells of the image
 *   mlp, core, policy, skips   widths of the encoder of the inputs, units of the core, units of each
 *   head                         layer of the policy, yes or no, widths before the actions
 *   critic, private, values    widths of a critic of its own, its privileged columns, value heads
 *   floor, spread              least and first standard deviation of the actions
 * `none` stands for a list without widths. */
#ifndef VR_NN_CONF_H
#define VR_NN_CONF_H
#include "base/str.h"
#include "nn/arch.h"

/* Reads a file, or a text of n bytes that `path` names in messages. VR_EDATA: a line that does not
 * fit, with file and line (an unknown key with the nearest right one, a key that stands twice or is
 * missing, a width out of range, parts that do not go together); VR_EIO, VR_EMEM. */
int vr_conf_read(const char *path, vr_arch *arch);
int vr_conf_parse(const char *path, const char *text, size_t n, vr_arch *arch);

/* Adds the text of an architecture, the same for equal ones; it reads back to the same. */
void vr_conf_text(const vr_arch *arch, vr_str *text);

/* 0, or VR_EDATA with what does not go together. */
int vr_arch_check(const vr_arch *arch);

#endif
