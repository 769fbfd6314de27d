// SPDX-License-Identifier: MIT
#include "bounds.h"
#include "fail.h"
#include "interfaces/dmabufs.h"
#include "interfaces/heap.h"
#include "interfaces/list.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <iio-uring/uapi.h>
#include <linux/dma-buf.h>

/**
 * struct fenced - a stream that learns from its blocks' fences when they are done
 * @next:	the block to come: they are filled in the order of the list
 */
struct fenced {
	struct dmabufs dmabufs;
	unsigned int next;
};

static const char *dmabuf_probe(const struct converter *converter, int buffer_fd)
{
	const char *lacking = heap_probe();

	(void)converter;
	return lacking ? lacking : dmabufs_probe(buffer_fd);
}

static int dmabuf_open(struct stream *stream)
{
	struct fenced *state;

	state = stream->state = calloc(1, sizeof(*state));
	if (!state)
		return fail(ENOMEM, "out of memory");
	return dmabufs_open(&state->dmabufs, stream, heap_add);
}

static int enqueue(struct stream *stream, unsigned int index)
{
	struct fenced *state = stream->state;
	struct iio_dmabuf transfer = {
		.fd = state->dmabufs.list[index].fd,
		.bytes_used = stream->block_bytes,
	};

	stream->queued++;
	return dmabufs_ioctl(stream, stream->buffer_fd, IIO_BUFFER_DMABUF_ENQUEUE_IOCTL, &transfer,
			     "ENQUEUE of a DMABUF");
}

static int dmabuf_start(struct stream *stream)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < stream->depth; i++)
		ret = enqueue(stream, i);
	return ret;
}

/*
 * Of the oldest alone: polling the others along costs more than it saves, as
 * each poll() of a block not yet done hangs a callback onto it.
 */
static int counted_poll(struct stream *stream, int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	int ret;

	do {
		stream->syscalls++;
		ret = poll(&poll_fd, 1, -1);
		if (ret > 0)
			return 0;
		if (errno != EINTR)
			return fail(errno, "poll() of a DMABUF: %s", strerror(errno));
		ret = bounds_check();
	} while (!ret);
	return ret;
}

static int dmabuf_next(struct stream *stream, struct block *block)
{
	struct fenced *state = stream->state;
	struct dmabuf *dmabuf = &state->dmabufs.list[state->next];

	block->index = state->next;
	block->data = dmabuf->data;
	/* The kernel does not tell how many bytes came. */
	block->bytes = stream->block_bytes;
	state->next = (state->next + 1) % state->dmabufs.count;
	stream->queued--;

	/* Making the data visible to the CPU waits for it, too. */
	if (stream->cpu_access)
		return dmabufs_sync(stream, dmabuf, DMA_BUF_SYNC_START);
	return counted_poll(stream, dmabuf->fd);
}

static int dmabuf_give_back(struct stream *stream, const struct block *block)
{
	struct fenced *state = stream->state;
	int ret = 0;

	if (stream->cpu_access)
		ret = dmabufs_sync(stream, &state->dmabufs.list[block->index], DMA_BUF_SYNC_END);
	return ret ? ret : enqueue(stream, block->index);
}

static void dmabuf_close(struct stream *stream)
{
	struct fenced *state = stream->state;

	if (state)
		dmabufs_close(&state->dmabufs, stream);
	free(state);
}

const struct interface interface_dmabuf = {
	.name = "dmabuf",
	.help = "DMABUF ioctls on buffers of the system heap, no copy",
	.own_memory = HEAP_PAGES,
	.probe = dmabuf_probe,
	.open = dmabuf_open,
	.start = dmabuf_start,
	.next = dmabuf_next,
	.give_back = dmabuf_give_back,
	.close = dmabuf_close,
};
