// SPDX-License-Identifier: MIT
#include "fail.h"
#include "interfaces/list.h"
#include "interfaces/ring.h"
#include "memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct uring - reads of a copying stream
 * @in_flight:	a read is under way. Never more than one: reads that wait for data
 *		side by side may be served in any order
 */
struct uring {
	struct ring ring;
	struct memory memory;
	bool in_flight;
};

static const char *uring_probe(const struct stream *stream)
{
	(void)stream;
	return ring_probe(IORING_OP_READ);
}

static int uring_open(struct stream *stream)
{
	struct uring *state;
	int ret;

	state = stream->state = calloc(1, sizeof(*state));
	if (!state)
		return fail(ENOMEM, "out of memory");
	stream->queued = stream->depth;
	ret = memory_map(&state->memory, stream->pages, stream->block_bytes, 1);
	if (!ret)
		ret = ring_open(&state->ring, 2, stream->buffer_fd);
	return ret;
}

static int uring_next(struct stream *stream, struct block *block)
{
	struct uring *state = stream->state;
	void *data = memory_block(&state->memory, 0);
	struct io_uring_sqe *sqe = io_uring_get_sqe(&state->ring.uring);
	int ret;

	io_uring_prep_read(sqe, 0, data, stream->block_bytes, 0);
	io_uring_sqe_set_flags(sqe, IOSQE_FIXED_FILE);
	state->in_flight = true;
	ret = ring_wait(&state->ring, stream);
	if (ret)
		return ret;

	ret = ring_first_cqe(&state->ring)->res;
	io_uring_cq_advance(&state->ring.uring, 1);
	state->in_flight = false;
	if (ret <= 0)
		return fail(ret ? -ret : EIO, "READ of a block: %s",
			    ret ? strerror(-ret) : "end of file");

	*block = (struct block){ .data = data, .bytes = ret };
	return 0;
}

/* A disabled buffer ends no read that waits for data: it is cancelled. */
static void cancel(struct uring *state)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&state->ring.uring);

	io_uring_prep_cancel(sqe, NULL, IORING_ASYNC_CANCEL_ANY);
	if (io_uring_submit(&state->ring.uring) > 0)
		ring_drain(&state->ring, 2);
}

static void uring_close(struct stream *stream)
{
	struct uring *state = stream->state;

	if (!state)
		return;
	if (state->in_flight)
		cancel(state);
	ring_close(&state->ring);
	memory_unmap(&state->memory);
	free(state);
}

const struct interface interface_uring = {
	.name = "uring",
	.help = "io_uring READ: the kernel's two blocks, copied",
	.fixed_depth = 2,
	.probe = uring_probe,
	.open = uring_open,
	.next = uring_next,
	.close = uring_close,
};
