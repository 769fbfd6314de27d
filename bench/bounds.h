/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_BOUNDS_H
#define IIO_BENCH_BOUNDS_H

#include <stdbool.h>
#include <signal.h>

/*
 * Bounds on a stream, kept by timers that interrupt whatever the process waits
 * in. No wait needs a timeout of its own then, and no block a look at the
 * clock, whatever the interface: the bounds cost every interface the same,
 * which is nothing.
 */

extern volatile sig_atomic_t bounds_block_came;
extern volatile sig_atomic_t bounds_time_is_up;

/** bounds_install() - from now on SIGINT and SIGTERM end waits; returns 0 or -errno */
int bounds_install(void);

/** bounds_begin() - from now on @timeout_s seconds without a block are a stall */
void bounds_begin(unsigned int timeout_s);

/** bounds_set_deadline() - bounds_expired() becomes true in so many seconds */
void bounds_set_deadline(double seconds);

/** bounds_end() - no stall and no deadline any more */
void bounds_end(void);

/** bounds_note_block() - a block has come */
static inline void bounds_note_block(void)
{
	bounds_block_came = true;
}

/** bounds_expired() - has the deadline passed? */
static inline bool bounds_expired(void)
{
	return bounds_time_is_up;
}

/** bounds_interrupted() - did SIGINT or SIGTERM come? */
bool bounds_interrupted(void);

/**
 * bounds_check() - to be called when a wait was interrupted
 *
 * Return: 0 to go on waiting, -ETIMEDOUT (stall) or -EINTR (SIGINT, SIGTERM),
 * with fail().
 */
int bounds_check(void);

#endif
