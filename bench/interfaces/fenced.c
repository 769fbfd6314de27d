// SPDX-License-Identifier: MIT
#include "interfaces/fenced.h"
#include "bounds.h"
#include "fail.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <iio-uring/uapi.h>
#include <linux/dma-buf.h>

int fenced_open(struct stream *stream, dmabufs_get *get)
{
	struct fenced *state;

	state = stream->state = calloc(1, sizeof(*state));
	if (!state)
		return fail(ENOMEM, "out of memory");
	return dmabufs_open(&state->dmabufs, stream, get);
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

int fenced_start(struct stream *stream)
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

int fenced_next(struct stream *stream, struct block *block)
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

int fenced_give_back(struct stream *stream, const struct block *block)
{
	struct fenced *state = stream->state;
	int ret = 0;

	if (stream->cpu_access)
		ret = dmabufs_sync(stream, &state->dmabufs.list[block->index], DMA_BUF_SYNC_END);
	return ret ? ret : enqueue(stream, block->index);
}

void fenced_close(struct stream *stream)
{
	struct fenced *state = stream->state;

	if (state)
		dmabufs_close(&state->dmabufs, stream);
	free(state);
}
