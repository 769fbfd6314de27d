// SPDX-License-Identifier: MIT
#include "ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pattern.h"

#define ENTRIES       64
#define IN_FLIGHT_MAX 48
#define POLL_IDLE_MS  1
#define COMMAND_BYTES 16

/* Fits each scan size, and the alignment of the DMA controller */
#define WHOLE_SCANS 24
#define ALIGNMENT   8

static const unsigned int setups[] = {
	0,
	0,
	IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
	IORING_SETUP_SQPOLL,
};

static void prepare_memory(struct worker *worker, struct ring *ring)
{
	ring->memory =
		mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ring->memory == MAP_FAILED)
		worker_complain(worker, "mapping memory: %s", strerror(errno));
	ring->start = (uintptr_t)ring->memory;
	pattern_clear(ring->memory, SCRATCH_START);
	pattern_play(ring->memory + PLAYED_START, PLAYED_BYTES);
}

static struct ring *ring_open(struct worker *worker, struct random *random)
{
	struct io_uring_params params = { .sq_thread_idle = POLL_IDLE_MS };
	struct ring *ring = calloc(1, sizeof(*ring));
	struct iovec iovec;
	int ret;

	params.flags = setups[random_below(random, sizeof(setups) / sizeof(setups[0]))];
	ring->is_shared = !(params.flags & IORING_SETUP_SINGLE_ISSUER);
	ret = io_uring_queue_init_params(ENTRIES, &ring->uring, &params);
	if (ret)
		worker_complain(worker, "setting up a ring: %s", strerror(-ret));

	prepare_memory(worker, ring);
	iovec = (struct iovec){ ring->memory, RING_BYTES };
	ret = io_uring_register_buffers(&ring->uring, &iovec, 1);
	if (ret)
		worker_complain(worker, "registering memory: %s", strerror(-ret));
	return ring;
}

struct ring *ring_get(struct worker *worker, struct random *random)
{
	unsigned int number = random_below(random, RINGS);
	struct random own = random_branch(*random, number);

	if (!worker->rings[number])
		worker->rings[number] = ring_open(worker, &own);
	return worker->rings[number];
}

void ring_close(struct worker *worker, unsigned int number)
{
	struct ring *ring = worker->rings[number];

	if (!ring)
		return;
	worker->rings[number] = NULL;
	io_uring_queue_exit(&ring->uring);
	munmap((void *)ring->start, RING_BYTES);
	free(ring);
}

void ring_unmap(struct ring *ring)
{
	/* Nothing else may come there, for what is still to be sent goes to it */
	mmap((void *)ring->start, RING_BYTES, PROT_NONE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
	ring->memory = NULL;
}

static size_t whole_scans(struct random *random, size_t limit)
{
	return WHOLE_SCANS * (1 + random_below(random, limit / WHOLE_SCANS));
}

static int free_slot(const struct ring *ring)
{
	for (int slot = 0; ring->memory && slot < SLOTS; slot++) {
		if (!ring->slots[slot].is_busy)
			return slot;
	}
	return -1;
}

struct region ring_region(struct ring *ring, struct random *random,
			  const struct converter *converter)
{
	size_t offset = ALIGNMENT * random_below(random, SLOT_BYTES / 2 / ALIGNMENT);
	size_t bytes = whole_scans(random, SLOT_BYTES - offset);
	int slot = free_slot(ring);

	if (converter->is_output)
		return (struct region){ ring->start + PLAYED_START + offset, bytes, -1 };
	if (slot < 0)
		return (struct region){ ring->start + SCRATCH_START + offset, bytes, -1 };

	ring->slots[slot] = (struct slot){ false, offset, bytes, converter->is_counting };
	return (struct region){ ring->start + slot * SLOT_BYTES + offset, bytes, slot };
}

struct io_uring_sqe *ring_sqe(struct worker *worker, struct ring *ring)
{
	ring_reap(worker, ring, 0);
	if (ring->in_flight >= IN_FLIGHT_MAX)
		return NULL;
	return io_uring_get_sqe(&ring->uring);
}

void ring_prepare_command(struct io_uring_sqe *sqe, int fd, uint32_t command, const void *argument,
			  bool is_fixed)
{
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, NULL, 0, 0);
	sqe->cmd_op = command;
	sqe->uring_cmd_flags = is_fixed ? IORING_URING_CMD_FIXED : 0;
	memcpy(sqe->cmd, argument, COMMAND_BYTES);
}

static uint64_t tag_make(enum kind kind, const struct region *region)
{
	return kind | (uint64_t)(region->slot + 1) << 8 | (uint64_t)region->bytes << 32;
}

void ring_submit(struct ring *ring, struct io_uring_sqe *sqe, enum kind kind,
		 const struct region *region)
{
	if (region->slot >= 0)
		ring->slots[region->slot].is_busy = true;
	sqe->user_data = tag_make(kind, region);
	ring->in_flight++;
	io_uring_submit(&ring->uring);
	/* A polling thread looks for the descriptor then, so it must not be closed before */
	while (ring->uring.flags & IORING_SETUP_SQPOLL && io_uring_sq_ready(&ring->uring))
		usleep(50);
}

static void check_slot(struct worker *worker, struct ring *ring, int number, int result)
{
	struct slot *slot = &ring->slots[number];
	char *data = ring->memory + number * SLOT_BYTES, *begin = data + slot->offset;
	size_t end = slot->offset + slot->bytes, got = result > 0 ? result : 0;

	if (!pattern_is_clear(data, slot->offset) ||
	    !pattern_is_clear(data + end, SLOT_BYTES - end))
		worker_complain(worker, "memory beside a transfer of %zu bytes has been written to",
				slot->bytes);
	if (slot->is_counting ? !pattern_is_counted(begin, got) : !pattern_is_played(begin, got))
		worker_complain(worker, "%zu bytes of %zu are wrong, they begin with %016llx", got,
				slot->bytes, *(unsigned long long *)begin);
	if (got)
		atomic_fetch_add(&worker->shared->statistics.verified, 1);
}

/* Whatever is written there from now on is written too late */
static void release_slot(struct worker *worker, struct ring *ring, int number, int result)
{
	struct slot *slot = &ring->slots[number];

	slot->is_busy = false;
	if (!ring->memory)
		return;
	check_slot(worker, ring, number, result);
	pattern_clear(ring->memory + number * SLOT_BYTES + slot->offset, slot->bytes);
}

static void check_idle_slots(struct worker *worker, struct ring *ring)
{
	for (int slot = 0; ring->memory && slot < SLOTS; slot++) {
		if (!ring->slots[slot].is_busy &&
		    !pattern_is_clear(ring->memory + slot * SLOT_BYTES, SLOT_BYTES))
			worker_complain(worker, "memory has been written to after a transfer");
	}
}

static void judge(struct worker *worker, struct ring *ring, uint64_t tag, int result)
{
	int slot = (int)(tag >> 8 & 0xff) - 1;

	ring->in_flight--;
	worker_expect(worker, tag & 0xff, result, tag >> 32);
	if (slot >= 0)
		release_slot(worker, ring, slot, result);
}

void ring_reap(struct worker *worker, struct ring *ring, unsigned int wait_ms)
{
	struct __kernel_timespec timeout = { .tv_nsec = wait_ms * 1000000L };
	struct io_uring_cqe *cqe;

	while (!io_uring_wait_cqe_timeout(&ring->uring, &cqe, &timeout)) {
		judge(worker, ring, cqe->user_data, cqe->res);
		io_uring_cqe_seen(&ring->uring, cqe);
		timeout.tv_nsec = 0;
	}
	check_idle_slots(worker, ring);
}
