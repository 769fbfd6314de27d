// SPDX-License-Identifier: MIT
#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "operations.h"

void worker_complain(struct worker *worker, const char *format, ...)
{
	va_list arguments;

	if (!atomic_load(&worker->report->has_complained)) {
		va_start(arguments, format);
		vsnprintf(worker->report->complaint, sizeof(worker->report->complaint), format,
			  arguments);
		va_end(arguments);
		atomic_store(&worker->report->has_complained, true);
	}
	_exit(EXIT_FAILURE);
}

void worker_expect(struct worker *worker, enum kind kind, long long result, size_t bytes)
{
	unsigned int error = result < 0 && -result < ERRORS ? -result : 0;

	atomic_fetch_add(&worker->shared->statistics.results[kind][error], 1);
	if (!result_is_allowed(kind, result, bytes))
		worker_complain(worker, "%s came to %lld (%s), %zu bytes were asked for",
				kind_name(kind), result, result < 0 ? strerror(-result) : "",
				bytes);
}

static void set_timer(unsigned int ms)
{
	/* Again and again: the first one may come before the call that waits */
	const struct timeval time = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
	const struct itimerval timer = { .it_interval = time, .it_value = time };

	setitimer(ITIMER_REAL, &timer, NULL);
}

void interrupt_soon(unsigned int ms)
{
	set_timer(ms);
}

void interrupt_never(void)
{
	set_timer(0);
}

static void interrupt(int number)
{
	(void)number;
}

static void prepare_signals(void)
{
	/* Without SA_RESTART */
	const struct sigaction action = { .sa_handler = interrupt };

	sigaction(SIGALRM, &action, NULL);
	/* Nobody waits for the children of a worker */
	signal(SIGCHLD, SIG_IGN);
}

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

static void account(struct statistics *statistics, unsigned int operation, uint64_t took_us)
{
	if (took_us > atomic_load(&statistics->longest_us[operation]))
		atomic_store(&statistics->longest_us[operation], took_us);
}

static void do_operation(struct worker *worker, struct random *random)
{
	unsigned int operation = operation_choose(random);
	uint64_t since = now_us();

	/* Some end the process */
	atomic_fetch_add(&worker->shared->statistics.count[operation], 1);
	atomic_store(&worker->report->is_busy, true);
	operations[operation].run(worker, random);
	atomic_store(&worker->report->is_busy, false);
	account(&worker->shared->statistics, operation, now_us() - since);
}

void worker_run(struct worker *worker, struct random epoch, struct random random, unsigned int end)
{
	prepare_signals();
	for (int i = 0; i < CONVERTERS; i++) {
		worker->opened[i] = (struct opened){ -1, -1 };
		atomic_store(&worker->report->buffers[i], -1);
	}

	if (!atomic_load(&worker->report->next))
		dmabuf_begin(worker, epoch);

	for (;;) {
		unsigned int number = atomic_load(&worker->report->next);
		struct random own = random_branch(random, number);

		if (number >= end)
			break;
		do_operation(worker, &own);
		atomic_store(&worker->report->next, number + 1);
	}
	for (;;)
		pause();
}
