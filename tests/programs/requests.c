// SPDX-License-Identifier: MIT
#include "requests.h"

#include <iio-uring/uapi.h>
#include <sys/mman.h>

#include "check.h"

#define ENTRIES 64

#define HUGE_PAGE     ((size_t)2 << 20)
#define COMMAND_BYTES 16

static char *map_huge(size_t bytes)
{
	char *memory = mmap(NULL, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(memory != MAP_FAILED, "mapping memory: %s", strerror(errno));
	memory += -(uintptr_t)memory % HUGE_PAGE;
	check(!madvise(memory, bytes, MADV_HUGEPAGE), "asking for huge pages: %s", strerror(errno));
	memset(memory, 0, bytes);
	return memory;
}

static char *map_small(size_t bytes)
{
	char *memory =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(memory != MAP_FAILED, "mapping memory: %s", strerror(errno));
	check(!madvise(memory, bytes, MADV_NOHUGEPAGE), "asking for small pages: %s",
	      strerror(errno));
	memset(memory, 0, bytes);
	return memory;
}

void requests_init_with(struct requests *requests, size_t bytes, unsigned int flags, bool huge)
{
	struct iovec iovec;
	int ret;

	requests->bytes = bytes;
	requests->sqe_flags = 0;
	requests->is_deferred = false;
	requests->memory = huge ? map_huge(bytes) : map_small(bytes);

	ret = io_uring_queue_init(ENTRIES, &requests->ring, flags);
	check(!ret, "setting up a ring: %s", strerror(-ret));

	iovec.iov_base = requests->memory;
	iovec.iov_len = bytes;
	ret = io_uring_register_buffers(&requests->ring, &iovec, 1);
	check(!ret, "registering memory: %s", strerror(-ret));
}

void requests_init(struct requests *requests, size_t bytes)
{
	requests_init_with(requests, bytes, 0, false);
}

void requests_exit(struct requests *requests)
{
	io_uring_queue_exit(&requests->ring);
	munmap(requests->memory, requests->bytes);
}

static struct io_uring_sqe *get_sqe(struct requests *requests)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&requests->ring);

	check(sqe, "the ring is full");
	return sqe;
}

static void submit(struct requests *requests, struct io_uring_sqe *sqe)
{
	int ret;

	io_uring_sqe_set_flags(sqe, requests->sqe_flags);
	if (requests->is_deferred)
		return;

	ret = io_uring_submit(&requests->ring);
	/* With a polling thread also those that it has not taken yet are counted */
	check(ret >= 1, "submitting a request: %d", ret);
}

void requests_read_fixed(struct requests *requests, int fd, size_t offset, size_t bytes)
{
	struct io_uring_sqe *sqe = get_sqe(requests);

	io_uring_prep_read_fixed(sqe, fd, requests->memory + offset, bytes, 0, 0);
	submit(requests, sqe);
}

void requests_write_fixed(struct requests *requests, int fd, size_t offset, size_t bytes)
{
	struct io_uring_sqe *sqe = get_sqe(requests);

	io_uring_prep_write_fixed(sqe, fd, requests->memory + offset, bytes, 0, 0);
	submit(requests, sqe);
}

void requests_command(struct requests *requests, int fd, uint32_t command, const void *argument,
		      size_t argument_bytes, uint32_t uring_cmd_flags)
{
	struct io_uring_sqe *sqe = get_sqe(requests);

	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, NULL, 0, 0);
	sqe->cmd_op = command;
	sqe->uring_cmd_flags = uring_cmd_flags;
	sqe->user_data = command;
	memset(sqe->cmd, 0, COMMAND_BYTES);
	if (argument_bytes)
		memcpy(sqe->cmd, argument, argument_bytes);
	submit(requests, sqe);
}

void requests_region(struct requests *requests, int fd, uint32_t command, size_t offset,
		     size_t bytes, uint32_t flags)
{
	struct iio_buffer_region region = {
		.addr = bytes ? (uintptr_t)requests->memory + offset : 0,
		.len = bytes,
		.flags = flags,
	};

	requests_command(requests, fd, command, &region, sizeof(region),
			 bytes ? IORING_URING_CMD_FIXED : 0);
}

void requests_read(struct requests *requests, int fd, size_t offset, size_t bytes)
{
	struct io_uring_sqe *sqe = get_sqe(requests);

	io_uring_prep_read(sqe, fd, requests->memory + offset, bytes, 0);
	submit(requests, sqe);
}

int requests_wait_tagged(struct requests *requests, uint64_t *tag, unsigned int timeout_ms)
{
	struct __kernel_timespec timeout = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = timeout_ms % 1000 * 1000000,
	};
	struct io_uring_cqe *cqe;
	int ret;

	ret = io_uring_wait_cqe_timeout(&requests->ring, &cqe, &timeout);
	if (ret)
		return ret;

	*tag = cqe->user_data;
	ret = cqe->res;
	io_uring_cqe_seen(&requests->ring, cqe);

	return ret;
}

int requests_wait(struct requests *requests, unsigned int timeout_ms)
{
	uint64_t tag;

	return requests_wait_tagged(requests, &tag, timeout_ms);
}
