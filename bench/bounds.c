// SPDX-License-Identifier: MIT
#include "bounds.h"
#include "fail.h"

#include <errno.h>
#include <string.h>
#include <time.h>

/* A stall is noticed after the timeout and at most a quarter of it more. */
#define TICKS_PER_TIMEOUT 4

volatile sig_atomic_t bounds_block_came;
volatile sig_atomic_t bounds_time_is_up;

static volatile sig_atomic_t idle_ticks;
static volatile sig_atomic_t interrupted;

static timer_t deadline_timer, tick_timer;
static unsigned int timeout;

static void on_deadline(int signal)
{
	(void)signal;
	bounds_time_is_up = 1;
}

static void on_tick(int signal)
{
	(void)signal;
	if (bounds_block_came)
		idle_ticks = 0;
	else
		idle_ticks++;
	bounds_block_came = false;
}

static void on_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

static int handle(int signal, void (*handler)(int))
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	return sigaction(signal, &action, NULL) ? -errno : 0;
}

static int create_timer(timer_t *timer, int signal)
{
	struct sigevent event;

	memset(&event, 0, sizeof(event));
	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = signal;
	return timer_create(CLOCK_MONOTONIC, &event, timer) ? -errno : 0;
}

int bounds_install(void)
{
	int ret;

	ret = handle(SIGINT, on_interrupt);
	if (!ret)
		ret = handle(SIGTERM, on_interrupt);
	if (!ret)
		ret = handle(SIGALRM, on_deadline);
	if (!ret)
		ret = handle(SIGVTALRM, on_tick);
	if (!ret)
		ret = create_timer(&deadline_timer, SIGALRM);
	if (!ret)
		ret = create_timer(&tick_timer, SIGVTALRM);
	return ret ? fail(-ret, "cannot set up timers: %s", strerror(-ret)) : 0;
}

static void set_timer(timer_t timer, double first_s, double period_s)
{
	struct itimerspec when = {
		.it_value = { first_s, (first_s - (time_t)first_s) * 1e9 },
		.it_interval = { period_s, (period_s - (time_t)period_s) * 1e9 },
	};

	timer_settime(timer, 0, &when, NULL);
}

void bounds_begin(unsigned int timeout_s)
{
	double tick_s = (double)timeout_s / TICKS_PER_TIMEOUT;

	timeout = timeout_s;
	idle_ticks = 0;
	bounds_time_is_up = 0;
	set_timer(tick_timer, tick_s, tick_s);
}

void bounds_set_deadline(double seconds)
{
	bounds_time_is_up = 0;
	set_timer(deadline_timer, seconds, 0);
}

void bounds_end(void)
{
	set_timer(deadline_timer, 0, 0);
	set_timer(tick_timer, 0, 0);
}

bool bounds_interrupted(void)
{
	return interrupted;
}

int bounds_check(void)
{
	if (interrupted)
		return fail(EINTR, "interrupted");
	if (idle_ticks > TICKS_PER_TIMEOUT)
		return fail(ETIMEDOUT,
			    "no block for %u s: the device has stalled, or --timeout is too short "
			    "for its rate",
			    timeout);
	return 0;
}
