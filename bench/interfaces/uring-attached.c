// SPDX-License-Identifier: MIT
#include "fail.h"
#include "interfaces/command.h"
#include "interfaces/list.h"
#include "interfaces/registered.h"

#include <errno.h>
#include <string.h>

#include <iio-uring/uapi.h>

static const char *uring_attached_probe(const struct stream *stream)
{
	const char *lacking = registered_probe(stream);

	return lacking ? lacking : command_probe(stream->buffer_fd);
}

static void prepare_attach(struct stream *stream, unsigned int index)
{
	struct registered *state = stream->state;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&state->ring.uring);
	struct iio_buffer_region region = {
		.addr = (uintptr_t)memory_block(&state->memory, index),
		.len = stream->block_bytes,
	};

	command_prepare(sqe, IIO_BUFFER_CMD_ATTACH, &region);
	sqe->uring_cmd_flags = IORING_URING_CMD_FIXED;
	sqe->buf_index = index;
}

/* What cannot be attached is told at once, what can is in progress. */
static int attach(struct stream *stream)
{
	struct registered *state = stream->state;
	struct io_uring_cqe *cqe;
	unsigned int i;
	int ret;

	for (i = 0; i < stream->depth; i++)
		prepare_attach(stream, i);
	ret = io_uring_submit(&state->ring.uring);
	if (ret < 0)
		return fail(-ret, "cannot attach the blocks: %s", strerror(-ret));
	state->attached = stream->depth;

	/* Lets the kernel post what it has, and waits for nothing. */
	io_uring_get_events(&state->ring.uring);
	cqe = ring_first_cqe(&state->ring);
	return cqe ? fail(-cqe->res, "cannot attach a block of %zu bytes: %s", stream->block_bytes,
			  strerror(-cqe->res))
		   : 0;
}

static int uring_attached_open(struct stream *stream)
{
	int ret = registered_open(stream);

	return ret ? ret : attach(stream);
}

const struct interface interface_uring_attached = {
	.name = "uring-attached",
	.help = "the same, and the buffers stay mapped for the device (ATTACH)",
	.probe = uring_attached_probe,
	.open = uring_attached_open,
	.start = registered_start,
	.next = registered_next,
	.give_back = registered_give_back,
	.close = registered_close,
};
