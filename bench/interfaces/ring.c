// SPDX-License-Identifier: MIT
#include "interfaces/ring.h"
#include "bounds.h"
#include "fail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Requests end at once when the buffer is disabled, unless the kernel is at fault. */
#define DRAIN_SECONDS 5

const char *ring_probe(int operation)
{
	struct io_uring_probe *probe;
	struct io_uring uring;
	bool has_operation;
	int ret;

	ret = io_uring_queue_init(1, &uring, 0);
	if (ret == -ENOSYS)
		return "it has no io_uring";
	if (ret == -EPERM)
		return "io_uring is forbidden (sysctl kernel.io_uring_disabled)";
	if (ret)
		return "io_uring cannot be set up";

	probe = io_uring_get_probe_ring(&uring);
	has_operation = probe && io_uring_opcode_supported(probe, operation);
	io_uring_free_probe(probe);
	io_uring_queue_exit(&uring);
	return has_operation ? NULL : "its io_uring lacks the operation";
}

static int create(struct ring *ring, unsigned int entries)
{
	static const unsigned int flags[] = {
		IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
		IORING_SETUP_COOP_TASKRUN,
		0,
	};
	unsigned int i;
	int ret = -EINVAL;

	for (i = 0; ret == -EINVAL && i < sizeof(flags) / sizeof(flags[0]); i++)
		ret = io_uring_queue_init(entries, &ring->uring, flags[i]);
	return ret;
}

int ring_open(struct ring *ring, unsigned int entries, int buffer_fd)
{
	int ret;

	ret = create(ring, entries);
	if (ret)
		return fail(-ret, "cannot set up io_uring with %u entries: %s", entries,
			    strerror(-ret));
	ring->is_open = true;

	ret = io_uring_register_files(&ring->uring, &buffer_fd, 1);
	if (ret)
		return fail(-ret, "cannot register the buffer's file with io_uring: %s",
			    strerror(-ret));

	/* Older kernels have no registered rings: a little slower, no more. */
	io_uring_register_ring_fd(&ring->uring);
	return 0;
}

void ring_close(struct ring *ring)
{
	if (!ring->is_open)
		return;
	/*
	 * The kernel takes a ring apart in the background: what it holds must be
	 * given up here, or the buffer would be busy for the next stream.
	 */
	io_uring_unregister_files(&ring->uring);
	io_uring_queue_exit(&ring->uring);
	ring->is_open = false;
}

struct io_uring_cqe *ring_first_cqe(struct ring *ring)
{
	struct io_uring_cqe *cqe;
	unsigned int head;

	io_uring_for_each_cqe (&ring->uring, head, cqe)
		return cqe;
	return NULL;
}

int ring_wait(struct ring *ring, struct stream *stream)
{
	int ret;

	do {
		/* Asked to wait for one, liburing enters the kernel exactly once. */
		stream->syscalls++;
		ret = io_uring_submit_and_wait(&ring->uring, 1);
		if (ring_first_cqe(ring))
			return 0;
		if (ret < 0 && ret != -EINTR)
			return fail(-ret, "io_uring_enter: %s", strerror(-ret));
		ret = bounds_check();
	} while (!ret);
	return ret;
}

struct io_uring_sqe *ring_prepare(struct ring *ring)
{
	ring->requests++;
	return io_uring_get_sqe(&ring->uring);
}

/* Requests of blocks given back wait to be submitted. */
unsigned int ring_submitted(const struct ring *ring)
{
	return ring->requests - io_uring_sq_ready(&ring->uring);
}

int ring_start(struct ring *ring, struct stream *stream)
{
	int ret = io_uring_submit(&ring->uring);

	if (ret < 0)
		return fail(-ret, "cannot queue the first blocks: %s", strerror(-ret));
	stream->queued = ring_submitted(ring);
	return 0;
}

int ring_next(struct ring *ring, struct stream *stream, struct block *block, const char *request)
{
	struct io_uring_cqe *cqe;
	int ret;

	cqe = ring_first_cqe(ring);
	if (!cqe) {
		/* Takes along the requests of all blocks given back since the last time. */
		ret = ring_wait(ring, stream);
		if (ret)
			return ret;
		cqe = ring_first_cqe(ring);
	}

	block->index = cqe->user_data;
	ret = cqe->res;
	io_uring_cq_advance(&ring->uring, 1);
	ring->requests--;
	stream->queued = ring_submitted(ring);
	if (ret <= 0)
		return fail(ret ? -ret : EIO, "%s of a block: %s", request,
			    ret ? strerror(-ret) : "end of file");

	block->bytes = ret;
	return 0;
}

void ring_drain(struct ring *ring, unsigned int requests)
{
	struct __kernel_timespec patience = { .tv_sec = DRAIN_SECONDS };
	struct io_uring_cqe *cqe;
	int ret;

	while (requests) {
		/* Does not submit what is prepared, unlike ring_wait(). */
		ret = io_uring_wait_cqe_timeout(&ring->uring, &cqe, &patience);
		if (ret == -EINTR)
			continue;
		if (ret)
			return;
		io_uring_cqe_seen(&ring->uring, cqe);
		requests--;
	}
}
