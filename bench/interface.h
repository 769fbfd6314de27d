/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_INTERFACE_H
#define IIO_BENCH_INTERFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memory.h"

struct converter;

/**
 * struct block - one block of samples, the application's until it is given back
 * @data:	the samples
 * @bytes:	how many bytes of them
 * @index:	for the interface: which of its blocks this is
 */
struct block {
	const void *data;
	size_t bytes;
	unsigned int index;
};

/**
 * struct stream - one converter being read through one interface
 * @converter:	where the samples come from
 * @buffer_fd:	the converter's buffer, opened for this stream
 * @block_bytes: bytes of a block
 * @depth:	how many blocks there are
 * @queued:	blocks that the converter was given and the application has not got yet
 * @pages:	what blocks are made of, unless the interface has its own memory
 * @cpu_access:	the application looks at the data of each block
 * @syscalls:	counted by whoever enters the kernel
 * @state:	the interface's own
 */
struct stream {
	struct converter *converter;
	int buffer_fd;
	size_t block_bytes;
	unsigned int depth;
	unsigned int queued;
	enum memory_pages pages;
	bool cpu_access;
	uint64_t syscalls;
	void *state;
};

/**
 * struct interface - one way for samples to reach an application
 * @name:	as on the command line
 * @help:	one line
 * @fixed_depth: number of blocks if the interface does not let one choose, else 0
 * @own_memory:	what its blocks are made of if the interface does not let one choose, else NULL
 * @probe:	why this kernel or device lacks it, NULL if it has it. Of the stream
 *		only @converter, @buffer_fd and @pages are set
 * @open:	get memory and all else a stream needs; 0 or -errno, with fail()
 * @start:	queue what can be queued before the buffer is enabled; or NULL
 * @next:	wait for the oldest block; 0 or -errno, with fail()
 * @give_back:	let the block be filled again; 0 or -errno, with fail(). NULL if the kernel
 *		has its own blocks and fills them again by itself
 * @close:	free everything; the buffer is disabled by now. Also after an @open that failed
 */
struct interface {
	const char *name;
	const char *help;
	unsigned int fixed_depth;
	const char *own_memory;
	const char *(*probe)(const struct stream *stream);
	int (*open)(struct stream *stream);
	int (*start)(struct stream *stream);
	int (*next)(struct stream *stream, struct block *block);
	int (*give_back)(struct stream *stream, const struct block *block);
	void (*close)(struct stream *stream);
};

/* In the order of the table, ended by NULL. */
extern const struct interface *const interfaces[];

/** interface_find() - by name; NULL if there is none */
const struct interface *interface_find(const char *name);

#endif
