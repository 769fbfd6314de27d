// SPDX-License-Identifier: MIT
#include "fail.h"
#include "interfaces/command.h"
#include "interfaces/dmabufs.h"
#include "interfaces/heap.h"
#include "interfaces/list.h"
#include "interfaces/ring.h"

#include <errno.h>
#include <stdlib.h>

#include <iio-uring/uapi.h>
#include <linux/dma-buf.h>

struct commanded {
	struct dmabufs dmabufs;
	struct ring ring;
};

static const char *dmabuf_cmd_probe(const struct stream *stream)
{
	const char *lacking = heap_probe();

	if (!lacking)
		lacking = dmabufs_probe(stream->buffer_fd);
	if (!lacking)
		lacking = ring_probe(IORING_OP_URING_CMD);
	return lacking ? lacking : command_probe(stream->buffer_fd);
}

static int dmabuf_cmd_open(struct stream *stream)
{
	struct commanded *state;
	int ret;

	state = stream->state = calloc(1, sizeof(*state));
	if (!state)
		return fail(ENOMEM, "out of memory");
	ret = dmabufs_open(&state->dmabufs, stream, heap_get);
	return ret ? ret : ring_open(&state->ring, stream->depth, stream->buffer_fd);
}

static void prepare(struct stream *stream, unsigned int index)
{
	struct commanded *state = stream->state;
	struct io_uring_sqe *sqe = ring_prepare(&state->ring);
	struct iio_dmabuf transfer = {
		.fd = state->dmabufs.list[index].fd,
		.bytes_used = stream->block_bytes,
	};

	command_prepare(sqe, IIO_BUFFER_CMD_DMABUF_ENQUEUE, &transfer);
	io_uring_sqe_set_data64(sqe, index);
}

static int dmabuf_cmd_start(struct stream *stream)
{
	struct commanded *state = stream->state;
	unsigned int i;

	for (i = 0; i < stream->depth; i++)
		prepare(stream, i);
	return ring_start(&state->ring, stream);
}

static int dmabuf_cmd_next(struct stream *stream, struct block *block)
{
	struct commanded *state = stream->state;
	struct dmabuf *dmabuf;
	int ret;

	ret = ring_next(&state->ring, stream, block, "DMABUF_ENQUEUE");
	if (ret)
		return ret;
	dmabuf = &state->dmabufs.list[block->index];
	block->data = dmabuf->data;
	return stream->cpu_access ? dmabufs_sync(stream, dmabuf, DMA_BUF_SYNC_START) : 0;
}

static int dmabuf_cmd_give_back(struct stream *stream, const struct block *block)
{
	struct commanded *state = stream->state;

	prepare(stream, block->index);
	if (!stream->cpu_access)
		return 0;
	return dmabufs_sync(stream, &state->dmabufs.list[block->index], DMA_BUF_SYNC_END);
}

static void dmabuf_cmd_close(struct stream *stream)
{
	struct commanded *state = stream->state;

	if (!state)
		return;
	if (state->ring.is_open)
		ring_drain(&state->ring, ring_submitted(&state->ring));
	ring_close(&state->ring);
	dmabufs_close(&state->dmabufs, stream);
	free(state);
}

const struct interface interface_dmabuf_cmd = {
	.name = "dmabuf-cmd",
	.help = "the same DMABUFs, enqueued by commands of io_uring (DMABUF_ENQUEUE)",
	.own_memory = HEAP_PAGES,
	.probe = dmabuf_cmd_probe,
	.open = dmabuf_cmd_open,
	.start = dmabuf_cmd_start,
	.next = dmabuf_cmd_next,
	.give_back = dmabuf_cmd_give_back,
	.close = dmabuf_cmd_close,
};
