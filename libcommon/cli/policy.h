/* policy.h -- a policy by a word of the command line, for tools that let one act. */
#ifndef VR_CLI_POLICY_H
#define VR_CLI_POLICY_H
#include "cli/opt.h"
#include "io/policy.h"
#include "sim/env.h"

enum { VR_POLICY_TASKS = 16 };

/* 1 if the word means a policy: "-", or a name with a dot or a slash, as files have. */
int vr_names_policy(const char *word);

/* Reads it: "-" (standard input), the file itself or the one of that name in share/policy; a name in
 * .conf is an architecture (share/agent), whose weights are then drawn from `seed`: p->frames is 0. The
 * history of a file goes into t, unless that is NULL. *who, what it is called, is cleared first; the caller frees
 * both. Ends the program on errors. */
void vr_open_policy(const char *word, uint64_t seed, vr_turn *t, vr_policy *p, vr_str *who);

/* An untrained network starts from the commands that hold the spawn pose of the animal. */
void vr_settle_policy(const vr_layout *layout, vr_policy *p);

/* The tasks of a policy that it was trained on; of any other the four of the paper. *n of them; they
 * live as long as the policy. */
size_t vr_policy_tasks(const vr_policy *p, const char *task[VR_POLICY_TASKS]);

/* Cells to hold, *n of them, from words LAYER:UNIT=VALUE; UNIT is a number from 1, a range A-B, or *
 * for all. Ends the program where there is no such layer or unit. vr_release(*clamp). */
void vr_parse_clamps(const vr_policy *p, const vr_list *words, vr_clamp **clamp, size_t *n);

#endif
