/* SPDX-License-Identifier: MIT */
/* What the parts of the supervisor share. */
#ifndef IIO_FUZZ_FUZZ_H
#define IIO_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stdint.h>

#include "random.h"
#include "worker.h"

#define DMABUF_BYTES 65536

/**
 * struct fuzz - a run
 * @seed:	decides what each worker does in each epoch
 * @epoch:	the current one
 * @group:	process group of all workers and their children
 * @shared:	what the workers tell
 * @dmabufs:	of inputs [0] and outputs [1], shared by all workers
 */
struct fuzz {
	uint64_t seed;
	unsigned int epoch;
	pid_t group;
	struct shared *shared;
	int dmabufs[2][DMABUFS];
};

/** fuzz_fail() - end the run as failed: tell why, and how to replay it */
void fuzz_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/** bound_ms() - everything that is bounded is over by then */
unsigned int bound_ms(void);

/**
 * tick() - sleep a little
 *
 * Return: for how many milliseconds, but not those in which the whole machine
 * stood still.
 */
unsigned int tick(void);

/** supervise_workers() - have all workers do their operations, then kill them */
void supervise_workers(struct fuzz *fuzz, unsigned int operations);

/** show_plan() - the operations of all workers in this epoch */
void show_plan(const struct fuzz *fuzz, unsigned int operations);

/** check_invariants() - nothing is left of the workers, and everything works again */
void check_invariants(void);

#endif
