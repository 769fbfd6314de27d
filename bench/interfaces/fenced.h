/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_INTERFACES_FENCED_H
#define IIO_BENCH_INTERFACES_FENCED_H

#include "interfaces/dmabufs.h"

/**
 * struct fenced - DMABUFs enqueued by ioctl, whose fences tell when they are done
 * @next:	the block to come: they are filled in the order of the list
 */
struct fenced {
	struct dmabufs dmabufs;
	unsigned int next;
};

/** fenced_open() - for DMABUFs from there; 0 or -errno, with fail() */
int fenced_open(struct stream *stream, dmabufs_get *get);

/* The other operations of struct interface */
int fenced_start(struct stream *stream);
int fenced_next(struct stream *stream, struct block *block);
int fenced_give_back(struct stream *stream, const struct block *block);
void fenced_close(struct stream *stream);

#endif
