/* SPDX-License-Identifier: MIT */
/* A ring with registered memory, for requests to a converter; errors end the test. */
#ifndef IIO_TEST_REQUESTS_H
#define IIO_TEST_REQUESTS_H

#include <liburing.h>
#include <stddef.h>

/**
 * struct requests - a ring and the memory that is registered with it
 * @ring:	liburing's ring
 * @memory:	registered buffer 0, page aligned
 * @bytes:	its size
 */
struct requests {
	struct io_uring ring;
	char *memory;
	size_t bytes;
};

/** requests_init() - set up a ring and register @bytes of memory */
void requests_init(struct requests *requests, size_t bytes);

/** requests_exit() - close the ring and unmap the memory */
void requests_exit(struct requests *requests);

/** requests_read_fixed() - submit a READ_FIXED of a part of the memory */
void requests_read_fixed(struct requests *requests, int fd, size_t offset, size_t bytes);

/** requests_read() - submit a plain READ into a part of the memory */
void requests_read(struct requests *requests, int fd, size_t offset, size_t bytes);

/**
 * requests_wait() - wait for the next completion
 *
 * Return: its result, -ETIME if there is none within @timeout_ms
 */
int requests_wait(struct requests *requests, unsigned int timeout_ms);

#endif
