/* stop.h -- programs that end in good order when they are told to: SIGINT and SIGTERM. */
#ifndef VR_CLI_STOP_H
#define VR_CLI_STOP_H

/* From now on these signals are only noted. wakes: they also end a wait for input (poll). */
void vr_stop_catch(int wakes);

/* Whether one has come. */
int vr_stop_asked(void);

#endif
