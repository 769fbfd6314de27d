/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_READING_H
#define IIO_BENCH_READING_H

#include "counter.h"
#include "interface.h"
#include "measure.h"

/**
 * struct reading - a stream while it is read, as planned
 * @blocks:	read since reading_count_from_here()
 * @bytes:	of these
 * @largest_block: bytes of the largest block of all
 * @check:	of all samples, if the plan is to verify
 */
struct reading {
	const struct plan *plan;
	struct stream stream;
	uint64_t blocks;
	uint64_t bytes;
	size_t largest_block;
	struct counter_check check;
};

/*
 * All return 0 or -errno, with fail(). reading_close() also follows a
 * reading_open() that failed, and disables the buffer first.
 */
int reading_open(struct reading *reading, const struct plan *plan, struct converter *converter);
void reading_close(struct reading *reading);

/** reading_count_from_here() - begin to count blocks, bytes and system calls anew */
void reading_count_from_here(struct reading *reading);

int reading_read_blocks(struct reading *reading, unsigned int blocks);
int reading_read_bytes(struct reading *reading, uint64_t bytes);

/** reading_read_seconds() - a block at least: to stall is not to be slow */
int reading_read_seconds(struct reading *reading, double seconds);

/** reading_read_queued() - the blocks that are queued by now, and give none back */
int reading_read_queued(struct reading *reading);

#endif
