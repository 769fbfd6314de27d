/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_INTERFACES_REGISTERED_H
#define IIO_BENCH_INTERFACES_REGISTERED_H

#include "interface.h"
#include "interfaces/ring.h"
#include "memory.h"

/**
 * struct registered - READ_FIXED into blocks that are registered with a ring
 * @ring:	the ring, block i is its registered buffer i
 * @memory:	the blocks
 * @attached:	blocks that an ATTACH in progress keeps mapped
 */
struct registered {
	struct ring ring;
	struct memory memory;
	unsigned int attached;
};

/** registered_probe() - why the kernel or the device can't do it, NULL if it can */
const char *registered_probe(const struct stream *stream);

/* The operations of struct interface */
int registered_open(struct stream *stream);
int registered_start(struct stream *stream);
int registered_next(struct stream *stream, struct block *block);
int registered_give_back(struct stream *stream, const struct block *block);
void registered_close(struct stream *stream);

#endif
