// SPDX-License-Identifier: MIT
/* Operations that send requests by a ring, and what becomes of rings. */
#include <iio-uring/uapi.h>

#include "files.h"
#include "operations.h"
#include "ring.h"

#define CYCLIC_PERCENT 15
#define BURST_MAX      4

/* Transfers nothing that is known beforehand */
static const struct region nowhere = { .slot = -1 };

/* Where a request goes, and by which ring */
struct way {
	struct ring *ring;
	struct io_uring_sqe *sqe;
	const struct converter *converter;
	int fd;
};

/* Not if too much is in flight, or the converter can't be had */
static bool find_way(struct worker *worker, struct random *random, struct way *way)
{
	unsigned int converter = file_converter(random);

	way->converter = &converters[converter];
	way->ring = ring_get(worker, random);
	way->fd = file_get(worker, random, converter);
	if (way->fd < 0)
		return false;
	way->sqe = ring_sqe(worker, way->ring);
	return way->sqe;
}

static enum kind kind_of(const struct way *way)
{
	return file_is_direct(way->fd) ? KIND_DIRECT : KIND_COPY;
}

static void prepare_command(const struct way *way, uint32_t command, const void *argument,
			    bool is_fixed)
{
	ring_prepare_command(way->sqe, way->fd, command, argument, is_fixed);
}

static void prepare_fixed(const struct way *way, const struct region *region)
{
	if (way->converter->is_output)
		io_uring_prep_write_fixed(way->sqe, way->fd, (void *)region->start, region->bytes,
					  0, 0);
	else
		io_uring_prep_read_fixed(way->sqe, way->fd, (void *)region->start, region->bytes, 0,
					 0);
}

/* Odd addresses and lengths, or none, but no memory that others verify */
static struct region random_region(const struct way *way, struct random *random)
{
	size_t start = way->converter->is_output ? PLAYED_START : SCRATCH_START;
	size_t offset = random_below(random, SLOT_BYTES);

	return (struct region){
		.start = way->ring->start + start + offset,
		.bytes = random_below(random, SCRATCH_BYTES - offset),
		.slot = -1,
	};
}

void op_submit_fixed(struct worker *worker, struct random *random)
{
	unsigned int requests = 1 + random_below(random, BURST_MAX);
	struct region region;
	struct way way;

	if (!find_way(worker, random, &way))
		return;
	for (; way.sqe; way.sqe = --requests ? ring_sqe(worker, way.ring) : NULL) {
		region = ring_region(way.ring, random, way.converter);
		prepare_fixed(&way, &region);
		ring_submit(way.ring, way.sqe, kind_of(&way), &region);
	}
}

/* A worker thread looks for the descriptor later, which may be another file's by then */
void op_submit_asynchronous(struct worker *worker, struct random *random)
{
	struct region region;
	struct way way;

	if (!find_way(worker, random, &way))
		return;
	region = random_region(&way, random);
	prepare_fixed(&way, &region);
	way.sqe->flags |= IOSQE_ASYNC;
	ring_submit(way.ring, way.sqe, KIND_ANY_FILE, &region);
}

void op_submit_plain(struct worker *worker, struct random *random)
{
	struct region region;
	struct way way;

	if (!find_way(worker, random, &way))
		return;
	region = ring_region(way.ring, random, way.converter);
	if (way.converter->is_output)
		io_uring_prep_write(way.sqe, way.fd, (void *)region.start, region.bytes, 0);
	else
		io_uring_prep_read(way.sqe, way.fd, (void *)region.start, region.bytes, 0);
	ring_submit(way.ring, way.sqe, kind_of(&way), &region);
}

void op_submit_transfer(struct worker *worker, struct random *random)
{
	unsigned int requests = 1 + random_below(random, BURST_MAX);
	struct iio_buffer_region argument;
	struct region region;
	struct way way;

	if (!find_way(worker, random, &way))
		return;
	for (; way.sqe; way.sqe = --requests ? ring_sqe(worker, way.ring) : NULL) {
		region = ring_region(way.ring, random, way.converter);
		argument = (struct iio_buffer_region){ region.start, region.bytes, 0 };
		if (way.converter->is_output && random_chance(random, CYCLIC_PERCENT))
			argument.flags = IIO_BUFFER_TRANSFER_CYCLIC;
		prepare_command(&way, IIO_BUFFER_CMD_TRANSFER, &argument, true);
		ring_submit(way.ring, way.sqe, KIND_TRANSFER, &region);
	}
}

void op_submit_attach(struct worker *worker, struct random *random)
{
	size_t from = random_chance(random, 50) ? 0 : 8 * random_below(random, RING_BYTES / 16);
	size_t bytes = random_chance(random, 50) ? RING_BYTES - from : RING_BYTES / 4;
	struct iio_buffer_region argument;
	struct way way;

	if (!find_way(worker, random, &way))
		return;
	argument = (struct iio_buffer_region){ way.ring->start + from, bytes, 0 };
	prepare_command(&way, IIO_BUFFER_CMD_ATTACH, &argument, true);
	ring_submit(way.ring, way.sqe, KIND_ATTACH, &nowhere);
}

static void submit_without_memory(struct worker *worker, struct random *random, uint32_t command,
				  enum kind kind)
{
	const struct iio_buffer_region nothing = { 0 };
	struct way way;

	if (!find_way(worker, random, &way))
		return;
	prepare_command(&way, command, &nothing, false);
	ring_submit(way.ring, way.sqe, kind, &nowhere);
}

void op_submit_guard(struct worker *worker, struct random *random)
{
	submit_without_memory(worker, random, IIO_BUFFER_CMD_ATTACH, KIND_ATTACH);
}

void op_submit_abort(struct worker *worker, struct random *random)
{
	submit_without_memory(worker, random, IIO_BUFFER_CMD_ABORT, KIND_ABORT);
}

/* Over either end of what is registered, or far away */
static struct region outside_region(const struct way *way, struct random *random)
{
	static const long long starts[] = { -8, RING_BYTES - 8, RING_BYTES, 1LL << 40 };

	return (struct region){
		.start = way->ring->start + starts[random_below(random, 4)],
		.bytes = 24,
		.slot = -1,
	};
}

void op_submit_invalid(struct worker *worker, struct random *random)
{
	bool is_outside = random_chance(random, 30), is_command = random_chance(random, 50);
	struct iio_buffer_region argument;
	struct region region;
	enum kind kind;
	struct way way;

	if (!find_way(worker, random, &way))
		return;
	region = is_outside ? outside_region(&way, random) : random_region(&way, random);
	kind = is_command ? KIND_TRANSFER : kind_of(&way);
	argument = (struct iio_buffer_region){ region.start, region.bytes,
					       random_chance(random, 20) ? 2 : 0 };
	if (is_command)
		prepare_command(&way, IIO_BUFFER_CMD_TRANSFER, &argument, true);
	else
		prepare_fixed(&way, &region);
	/* So that only an error is allowed */
	ring_submit(way.ring, way.sqe, kind, is_outside ? &nowhere : &region);
}

struct submission {
	struct worker *worker;
	struct random random;
};

static void *submit_in_thread(void *argument)
{
	struct submission *submission = argument;
	struct worker *worker = submission->worker;

	if (random_chance(&submission->random, 50))
		op_submit_fixed(worker, &submission->random);
	else if (random_chance(&submission->random, 50))
		op_submit_transfer(worker, &submission->random);
	else
		op_submit_attach(worker, &submission->random);
	return NULL;
}

/* The thread ends while what it asked for goes on */
void op_submit_from_thread(struct worker *worker, struct random *random)
{
	struct submission submission = { worker, random_branch(*random, 0) };
	pthread_t thread;

	for (int i = 0; i < RINGS; i++) {
		if (!worker->rings[i] || !worker->rings[i]->is_shared)
			return;
	}
	if (!pthread_create(&thread, NULL, submit_in_thread, &submission))
		pthread_join(thread, NULL);
}

void op_reap(struct worker *worker, struct random *random)
{
	ring_reap(worker, ring_get(worker, random), PATIENCE_MS);
}

void op_close_ring(struct worker *worker, struct random *random)
{
	ring_close(worker, random_below(random, RINGS));
}

void op_unmap_memory(struct worker *worker, struct random *random)
{
	struct ring *ring = worker->rings[random_below(random, RINGS)];

	if (!ring || !ring->memory)
		return;
	ring_unmap(ring);
}
