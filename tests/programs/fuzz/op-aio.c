// SPDX-License-Identifier: MIT
/* Operations with libaio's system calls. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "files.h"
#include "operations.h"
#include "pattern.h"

#define REQUESTS  16
#define BYTES     8192
#define ALIGNMENT 4096
#define BURST_MAX 4

/**
 * struct aio_memory - of all requests
 * @is_busy:	which are in flight
 */
struct aio_memory {
	char data[REQUESTS][BYTES];
	bool is_busy[REQUESTS];
	bool is_counting[REQUESTS];
	bool is_output[REQUESTS];
};

static bool prepare_aio(struct worker *worker)
{
	if (worker->aio)
		return true;
	if (syscall(SYS_io_setup, REQUESTS, &worker->aio))
		return false;
	worker->aio_memory = aligned_alloc(ALIGNMENT, sizeof(*worker->aio_memory));
	memset(worker->aio_memory, 0, sizeof(*worker->aio_memory));
	return true;
}

static int free_request(const struct aio_memory *memory)
{
	int request = 0;

	while (request < REQUESTS && memory->is_busy[request])
		request++;
	return request < REQUESTS ? request : -1;
}

static void prepare_request(struct worker *worker, int request, const struct converter *converter)
{
	struct aio_memory *memory = worker->aio_memory;

	memory->is_busy[request] = true;
	memory->is_counting[request] = converter->is_counting;
	memory->is_output[request] = converter->is_output;
	if (converter->is_output)
		pattern_play(memory->data[request], BYTES);
	else
		pattern_clear(memory->data[request], BYTES);
}

static void submit_one(struct worker *worker, int fd, const struct converter *converter,
		       size_t bytes)
{
	int ret, request = free_request(worker->aio_memory);
	enum kind kind = file_is_direct(fd) ? KIND_DIRECT : KIND_COPY;
	struct iocb iocb = { .aio_fildes = fd, .aio_nbytes = bytes }, *iocbs = &iocb;

	if (request < 0)
		return;
	prepare_request(worker, request, converter);
	iocb.aio_lio_opcode = converter->is_output ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD;
	iocb.aio_buf = (uintptr_t)worker->aio_memory->data[request];
	iocb.aio_data = request | kind << 8 | bytes << 32;

	interrupt_soon(PATIENCE_MS);
	ret = syscall(SYS_io_submit, worker->aio, 1, &iocbs);
	interrupt_never();
	if (ret != 1)
		worker_complain(worker, "io_submit() gave %d: %s", ret, strerror(errno));
}

void op_submit_aio(struct worker *worker, struct random *random)
{
	unsigned int converter = file_converter(random);
	unsigned int requests = 1 + random_below(random, BURST_MAX);
	int fd = file_get(worker, random, converter);

	if (fd < 0 || !prepare_aio(worker))
		return;
	while (requests--)
		submit_one(worker, fd, &converters[converter],
			   8 * random_below(random, BYTES / 8 + 1));
}

static void judge(struct worker *worker, const struct io_event *event)
{
	struct aio_memory *memory = worker->aio_memory;
	unsigned int request = event->data & 0xff;
	size_t bytes = event->data >> 32, got = event->res > 0 ? event->res : 0;
	const char *data = memory->data[request];

	worker_expect(worker, event->data >> 8 & 0xff, event->res, bytes);
	memory->is_busy[request] = false;
	if (memory->is_output[request])
		return;
	if (!pattern_is_clear(data + bytes, BYTES - bytes))
		worker_complain(worker, "memory behind a libaio request has been written to");
	if (memory->is_counting[request] ? !pattern_is_counted(data, got)
					 : !pattern_is_played(data, got))
		worker_complain(worker, "%zu bytes of a libaio request are wrong", got);
	if (got)
		atomic_fetch_add(&worker->shared->statistics.verified, 1);
}

void op_reap_aio(struct worker *worker, struct random *random)
{
	struct timespec timeout = { .tv_nsec = PATIENCE_MS * 1000000 };
	struct io_event event;

	(void)random;
	if (!worker->aio)
		return;
	while (syscall(SYS_io_getevents, worker->aio, 1, 1, &event, &timeout) == 1) {
		judge(worker, &event);
		timeout.tv_nsec = 0;
	}
}

/* Waits for all its requests, having cancelled them */
void op_destroy_aio(struct worker *worker, struct random *random)
{
	(void)random;
	if (!worker->aio)
		return;
	syscall(SYS_io_destroy, worker->aio);
	worker->aio = 0;
	free(worker->aio_memory);
}
