/* SPDX-License-Identifier: MIT */
/* A ring of a worker, and its memory: slots whose content is verified, and the rest. */
#ifndef IIO_FUZZ_RING_H
#define IIO_FUZZ_RING_H

#include <liburing.h>

#include "worker.h"

#define SLOTS         16
#define SLOT_BYTES    16384
#define SCRATCH_BYTES 131072
#define PLAYED_BYTES  131072

#define SCRATCH_START ((size_t)SLOTS * SLOT_BYTES)
#define PLAYED_START  (SCRATCH_START + SCRATCH_BYTES)
#define RING_BYTES    (PLAYED_START + PLAYED_BYTES)

/**
 * struct slot - memory that one transfer records into at a time
 * @is_busy:	a transfer is under way
 * @offset:	where in the slot it begins
 * @bytes:	how many it is about
 * @is_counting: what kind of converter it records
 */
struct slot {
	bool is_busy;
	size_t offset;
	size_t bytes;
	bool is_counting;
};

/**
 * struct ring - a ring and its memory
 * @uring:	liburing's ring
 * @memory:	registered buffer 0, RING_BYTES; NULL once it is unmapped
 * @start:	where it is or was
 * @in_flight:	requests that have not completed
 * @is_shared:	any thread may submit
 * @slots:	parts of the memory
 */
struct ring {
	struct io_uring uring;
	char *memory;
	uintptr_t start;
	unsigned int in_flight;
	bool is_shared;
	struct slot slots[SLOTS];
};

/**
 * struct region - memory for a transfer
 * @start:	address
 * @bytes:	length
 * @slot:	index of the slot it is in, or -1
 */
struct region {
	uintptr_t start;
	size_t bytes;
	int slot;
};

/** ring_get() - one of the worker's rings, set up if need be */
struct ring *ring_get(struct worker *worker, struct random *random);

/** ring_close() - whatever is in flight */
void ring_close(struct worker *worker, unsigned int number);

/** ring_unmap() - its memory, whatever is in flight */
void ring_unmap(struct ring *ring);

/** ring_region() - memory as a transfer wants it; where it matters, a slot */
struct region ring_region(struct ring *ring, struct random *random,
			  const struct converter *converter);

/** ring_sqe() - for a request, NULL if there are enough in flight */
struct io_uring_sqe *ring_sqe(struct worker *worker, struct ring *ring);

/** ring_prepare_command() - IIO_BUFFER_CMD_*, with 16 bytes of argument */
void ring_prepare_command(struct io_uring_sqe *sqe, int fd, uint32_t command, const void *argument,
			  bool is_fixed);

/** ring_submit() - submit a request; @region is what it may transfer */
void ring_submit(struct ring *ring, struct io_uring_sqe *sqe, enum kind kind,
		 const struct region *region);

/** ring_reap() - judge all completions there are, and wait for the first */
void ring_reap(struct worker *worker, struct ring *ring, unsigned int wait_ms);

#endif
