/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_INTERFACES_DMABUFS_H
#define IIO_BENCH_INTERFACES_DMABUFS_H

#include "interface.h"
#include "memory.h"

#include <stdint.h>

struct dmabuf {
	int fd;
	void *data;
};

/**
 * struct dmabufs - blocks that are DMABUFs
 * @list:	as many as the stream is deep
 * @count:	how many of them there are
 * @memory:	holds the data of all, or nothing: each is a mapping of its own then
 */
struct dmabufs {
	struct dmabuf *list;
	unsigned int count;
	struct memory memory;
};

/** typedef dmabufs_get - get the DMABUFs of a stream, mapped; 0 or -errno, with fail() */
typedef int dmabufs_get(struct dmabufs *dmabufs, const struct stream *stream);

/** dmabufs_probe() - why the kernel or the buffer takes no DMABUF, NULL if it does */
const char *dmabufs_probe(int buffer_fd);

/**
 * dmabufs_open() - get the blocks of a stream and attach them to its buffer
 *
 * Return: 0 or -errno, with fail(). Undo with dmabufs_close(), also after an error.
 */
int dmabufs_open(struct dmabufs *dmabufs, const struct stream *stream, dmabufs_get *get);

/** dmabufs_close() - the buffer is disabled by now */
void dmabufs_close(struct dmabufs *dmabufs, const struct stream *stream);

/** dmabufs_ioctl() - counted, and repeated if interrupted; @name is for fail() */
int dmabufs_ioctl(struct stream *stream, int fd, unsigned long request, void *argument,
		  const char *name);

/**
 * dmabufs_sync() - begin or end that the CPU looks at a block, once it is done
 * @phase:	DMA_BUF_SYNC_START or DMA_BUF_SYNC_END
 */
int dmabufs_sync(struct stream *stream, const struct dmabuf *dmabuf, uint64_t phase);

#endif
