#include "cli/stop.h"
#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t asked;

static void on_signal(int number)
{
  asked = number;
}

void vr_stop_catch(int wakes)
{
  const struct sigaction stop = {.sa_handler = on_signal, .sa_flags = wakes ? 0 : SA_RESTART};
  sigaction(SIGINT, &stop, NULL);
  sigaction(SIGTERM, &stop, NULL);
}

int vr_stop_asked(void)
{
  return asked != 0;
}
