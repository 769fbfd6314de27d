/* SPDX-License-Identifier: MIT */
/* What the paths of the sweep share. */
#ifndef IIO_TEST_SWEEP_H
#define IIO_TEST_SWEEP_H

#include <linux/aio_abi.h>
#include <stdbool.h>
#include <stddef.h>

#include "device.h"
#include "requests.h"

/* Each page is a segment for the device, and they are more than lists begin with. */
#define SWEEP_BYTES ((size_t)32 * 4096)

/**
 * struct sweep - what a path may need
 * @device:	the converter
 * @requests:	ring and memory
 * @bytes:	that a transfer asks for
 * @buffer:	descriptor of the buffer, or of the device
 * @attribute:	descriptor of the attribute that is written to
 * @dmabuf:	a DMABUF
 * @data:	its memory
 * @context:	for libaio
 * @directory:	of the converter in configfs
 * @is_attached: whether a command to attach is in progress
 */
struct sweep {
	struct device device;
	struct requests requests;
	size_t bytes;
	int buffer;
	int attribute;
	int dmabuf;
	char *data;
	aio_context_t context;
	char directory[128];
	bool is_attached;
};

/**
 * struct path - an operation that needs memory from the kernel
 * @name:	of the path
 * @set_up:	before each attempt, or once if it @goes_on
 * @attempt:	the operation, in which one allocation or copy fails; returns
 *		what it returns, or -errno
 * @settle:	what has become of it, if that is known later: -errno, or a
 *		number that is not negative
 * @use:	proves that what has failed works now, and what was done is right
 * @tear_down:	undoes @set_up
 * @goes_on:	whether it is about what comes after the first time
 * @needs_nothing: whether there is nothing that can fail
 * @tries_again: whether what has failed is made up for, so that there is no error
 * @module:	"[name]" of the module whose own allocations are to fail, NULL for
 *		those of all the kernel
 * @other_errors: what an error may be besides ENOMEM, EFAULT and EAGAIN
 */
struct path {
	const char *name;
	void (*set_up)(struct sweep *sweep);
	int (*attempt)(struct sweep *sweep);
	int (*settle)(struct sweep *sweep, int ret);
	void (*use)(struct sweep *sweep, int ret);
	void (*tear_down)(struct sweep *sweep);
	bool goes_on;
	bool needs_nothing;
	bool tries_again;
	const char *module;
	int other_errors[2];
};

extern const struct path sweep_direct_paths[];
extern const struct path sweep_dmabuf_paths[];
extern const struct path sweep_copy_paths[];
extern const struct path sweep_simulator_paths[];

/** sweep_spoil() - fill memory with what no converter writes */
void sweep_spoil(void *memory, size_t bytes);

/** sweep_is_spoilt() - is nothing else in the memory? */
bool sweep_is_spoilt(const void *memory, size_t bytes);

/** sweep_check_samples() - end the test unless the memory is full of consecutive samples */
void sweep_check_samples(const void *memory, size_t bytes);

/** sweep_timeout_ms() - how long to wait for what has to come */
unsigned int sweep_timeout_ms(void);

/** sweep_submit() - submit what is prepared; what io_uring did not take is dropped */
int sweep_submit(struct sweep *sweep);

/** sweep_settle_submit() - after sweep_submit(): the result of the request */
int sweep_settle_submit(struct sweep *sweep, int ret);

#endif
