// SPDX-License-Identifier: MIT
#include "interfaces/registered.h"
#include "fail.h"
#include "interfaces/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include <iio-uring/uapi.h>

/* To read it, and to attach it. */
#define REQUESTS_PER_BLOCK 2

static int set_direct(int buffer_fd)
{
	int flags = fcntl(buffer_fd, F_GETFL);

	return flags < 0 || fcntl(buffer_fd, F_SETFL, flags | O_DIRECT) ? -errno : 0;
}

const char *registered_probe(const struct stream *stream)
{
	if (set_direct(stream->buffer_fd))
		return "its IIO buffers do not take O_DIRECT";
	return ring_probe(IORING_OP_READ_FIXED);
}

static int register_blocks(struct registered *state, const struct stream *stream)
{
	struct iovec *blocks;
	unsigned int i;
	int ret;

	blocks = calloc(stream->depth, sizeof(*blocks));
	if (!blocks)
		return fail(ENOMEM, "out of memory");
	for (i = 0; i < stream->depth; i++)
		blocks[i] = (struct iovec){ memory_block(&state->memory, i), stream->block_bytes };
	ret = io_uring_register_buffers(&state->ring.uring, blocks, stream->depth);
	free(blocks);

	if (ret == -ENOMEM)
		return fail(ENOMEM,
			    "cannot register %u blocks of %zu bytes: more than `ulimit -l` "
			    "allows; raise it or run as root",
			    stream->depth, stream->block_bytes);
	if (ret)
		return fail(-ret, "cannot register %u blocks of %zu bytes: %s", stream->depth,
			    stream->block_bytes, strerror(-ret));
	return 0;
}

int registered_open(struct stream *stream)
{
	struct registered *state;
	int ret;

	state = stream->state = calloc(1, sizeof(*state));
	if (!state)
		return fail(ENOMEM, "out of memory");

	ret = set_direct(stream->buffer_fd);
	if (ret)
		return fail(-ret, "cannot set O_DIRECT on the buffer: %s", strerror(-ret));
	ret = memory_map(&state->memory, stream->pages, stream->block_bytes, stream->depth);
	if (!ret)
		ret = ring_open(&state->ring, REQUESTS_PER_BLOCK * stream->depth,
				stream->buffer_fd);
	if (!ret)
		ret = register_blocks(state, stream);
	return ret;
}

static void prepare(struct stream *stream, unsigned int index)
{
	struct registered *state = stream->state;
	struct io_uring_sqe *sqe = ring_prepare(&state->ring);

	io_uring_prep_read_fixed(sqe, 0, memory_block(&state->memory, index), stream->block_bytes,
				 0, index);
	io_uring_sqe_set_flags(sqe, IOSQE_FIXED_FILE);
	io_uring_sqe_set_data64(sqe, index);
}

int registered_start(struct stream *stream)
{
	struct registered *state = stream->state;
	unsigned int i;

	for (i = 0; i < stream->depth; i++)
		prepare(stream, i);
	return ring_start(&state->ring, stream);
}

int registered_next(struct stream *stream, struct block *block)
{
	struct registered *state = stream->state;
	int ret;

	ret = ring_next(&state->ring, stream, block, "READ_FIXED");
	if (!ret)
		block->data = memory_block(&state->memory, block->index);
	return ret;
}

int registered_give_back(struct stream *stream, const struct block *block)
{
	prepare(stream, block->index);
	return 0;
}

/* Attachments that ended only with their ring would end in the background. */
static void end_attachments(struct registered *state)
{
	unsigned int unsent = io_uring_sq_ready(&state->ring.uring);

	if (!state->attached)
		return;
	command_prepare(io_uring_get_sqe(&state->ring.uring), IIO_BUFFER_CMD_ABORT, NULL);
	io_uring_submit(&state->ring.uring);
	ring_drain(&state->ring, unsent + state->attached + 1);
}

void registered_close(struct stream *stream)
{
	struct registered *state = stream->state;

	if (!state)
		return;
	if (state->ring.is_open) {
		ring_drain(&state->ring, ring_submitted(&state->ring));
		end_attachments(state);
	}
	ring_close(&state->ring);
	memory_unmap(&state->memory);
	free(state);
}
