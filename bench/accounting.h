/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_ACCOUNTING_H
#define IIO_BENCH_ACCOUNTING_H

#include <stddef.h>
#include <stdint.h>

struct converter;

/**
 * struct usage - what a stretch of time has cost, CPU times in ns
 * @elapsed_ns:		time on the wall
 * @app_ns:		this process, kernel side included, without its io workers
 * @iowq_ns:		io_uring's worker and polling threads of this process
 * @kworker_ns:		all of the kernel's workqueue threads
 * @interrupt_ns:	completions; NAN on hardware, whose interrupts nobody charges
 * @simulator_ns:	the simulated hardware; NAN on hardware
 * @wakeups:		times this process had gone to sleep and was woken
 */
struct usage {
	double elapsed_ns;
	double app_ns;
	double iowq_ns;
	double kworker_ns;
	double interrupt_ns;
	double simulator_ns;
	double wakeups;
};

struct kworker {
	int pid;
	uint64_t ns;
};

struct kworkers {
	struct kworker *list;
	size_t count;
};

/**
 * struct accounting - the start of a stretch of time
 * @start:	readings at the start
 * @kworkers:	CPU time of each workqueue thread at the start
 */
struct accounting {
	struct usage start;
	struct kworkers kworkers;
};

/** accounting_begin() - start; returns 0 or -errno, with fail() */
int accounting_begin(struct accounting *accounting, const struct converter *converter);

/** accounting_end() - what it has cost since; returns 0 or -errno, with fail() */
int accounting_end(struct accounting *accounting, const struct converter *converter,
		   struct usage *usage);

/** accounting_free() - also after an error, or if nothing was begun */
void accounting_free(struct accounting *accounting);

#endif
