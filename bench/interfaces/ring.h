/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_INTERFACES_RING_H
#define IIO_BENCH_INTERFACES_RING_H

#include "interface.h"

#include <liburing.h>

/**
 * struct ring - an io_uring with the converter's buffer registered as file 0
 * @uring:	liburing's ring
 * @is_open:	ring_close() has something to do
 * @requests:	prepared by ring_prepare(), submitted or not, and not complete
 */
struct ring {
	struct io_uring uring;
	bool is_open;
	unsigned int requests;
};

/** ring_probe() - why this kernel lacks io_uring or the operation, NULL if not */
const char *ring_probe(int operation);

/** ring_open() - the cheapest kind the kernel has; returns 0 or -errno, with fail() */
int ring_open(struct ring *ring, unsigned int entries, int buffer_fd);

/** ring_close() - all requests must be completed; does nothing if not open */
void ring_close(struct ring *ring);

/**
 * ring_first_cqe() - oldest completion, NULL if there is none
 *
 * Never enters the kernel, as liburing's own peek may.
 */
struct io_uring_cqe *ring_first_cqe(struct ring *ring);

/**
 * ring_wait() - submit what is prepared and wait for a completion in one system call
 *
 * Return: 0 with a completion in the ring, or -errno with fail().
 */
int ring_wait(struct ring *ring, struct stream *stream);

/** ring_prepare() - an SQE for the request of a block, whose user_data is to be its index */
struct io_uring_sqe *ring_prepare(struct ring *ring);

/** ring_submitted() - how many of these requests are in the hands of the kernel */
unsigned int ring_submitted(const struct ring *ring);

/** ring_start() - submit the first blocks; 0 or -errno, with fail() */
int ring_start(struct ring *ring, struct stream *stream);

/**
 * ring_next() - wait for the oldest of these requests
 * @block:	gets its index and bytes
 * @request:	its name, for fail()
 *
 * Return: 0 or -errno, with fail().
 */
int ring_next(struct ring *ring, struct stream *stream, struct block *block, const char *request);

/** ring_drain() - wait for so many completions, to be forgotten; gives up after a while */
void ring_drain(struct ring *ring, unsigned int requests);

#endif
