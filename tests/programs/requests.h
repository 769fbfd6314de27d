/* SPDX-License-Identifier: MIT */
/* A ring with registered memory, for requests to a converter; errors end the test. */
#ifndef IIO_TEST_REQUESTS_H
#define IIO_TEST_REQUESTS_H

#include <liburing.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct requests - a ring and the memory that is registered with it
 * @ring:	liburing's ring
 * @memory:	registered buffer 0, page aligned
 * @bytes:	its size
 * @sqe_flags:	IOSQE_* flags of all requests
 * @is_deferred: whether requests are only prepared, for the test to submit them
 */
struct requests {
	struct io_uring ring;
	char *memory;
	size_t bytes;
	unsigned int sqe_flags;
	bool is_deferred;
};

/** requests_init() - set up a ring and register @bytes of memory */
void requests_init(struct requests *requests, size_t bytes);

/** requests_init_with() - the same with IORING_SETUP_* flags, and huge pages if @huge */
void requests_init_with(struct requests *requests, size_t bytes, unsigned int flags, bool huge);

/** requests_exit() - close the ring and unmap the memory */
void requests_exit(struct requests *requests);

/** requests_read_fixed() - submit a READ_FIXED of a part of the memory */
void requests_read_fixed(struct requests *requests, int fd, size_t offset, size_t bytes);

/** requests_read() - submit a plain READ into a part of the memory */
void requests_read(struct requests *requests, int fd, size_t offset, size_t bytes);

/** requests_write_fixed() - submit a WRITE_FIXED of a part of the memory */
void requests_write_fixed(struct requests *requests, int fd, size_t offset, size_t bytes);

/** requests_region() - submit an IIO_BUFFER_CMD_* on a part of the memory; its tag is the command
 */
void requests_region(struct requests *requests, int fd, uint32_t command, size_t offset,
		     size_t bytes, uint32_t flags);

/** requests_command() - submit any command; its tag is the command */
void requests_command(struct requests *requests, int fd, uint32_t command, const void *argument,
		      size_t argument_bytes, uint32_t uring_cmd_flags);

/**
 * requests_wait_tagged() - wait for the next completion
 * @tag:	receives the command that is complete, 0 for a read or write
 *
 * Return: its result, -ETIME if there is none within @timeout_ms
 */
int requests_wait_tagged(struct requests *requests, uint64_t *tag, unsigned int timeout_ms);

/**
 * requests_wait() - wait for the next completion
 *
 * Return: its result, -ETIME if there is none within @timeout_ms
 */
int requests_wait(struct requests *requests, unsigned int timeout_ms);

#endif
