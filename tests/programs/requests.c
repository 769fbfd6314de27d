// SPDX-License-Identifier: MIT
#include "requests.h"

#include <sys/mman.h>

#include "check.h"

#define ENTRIES 64

void requests_init(struct requests *requests, size_t bytes)
{
	struct iovec iovec;
	int ret;

	requests->bytes = bytes;
	requests->memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	check(requests->memory != MAP_FAILED, "mapping memory: %s", strerror(errno));

	ret = io_uring_queue_init(ENTRIES, &requests->ring, 0);
	check(!ret, "setting up a ring: %s", strerror(-ret));

	iovec.iov_base = requests->memory;
	iovec.iov_len = bytes;
	ret = io_uring_register_buffers(&requests->ring, &iovec, 1);
	check(!ret, "registering memory: %s", strerror(-ret));
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

static void submit(struct requests *requests)
{
	check_equal("the number of submitted requests", io_uring_submit(&requests->ring), 1);
}

void requests_read_fixed(struct requests *requests, int fd, size_t offset, size_t bytes)
{
	io_uring_prep_read_fixed(get_sqe(requests), fd, requests->memory + offset, bytes, 0, 0);
	submit(requests);
}

void requests_read(struct requests *requests, int fd, size_t offset, size_t bytes)
{
	io_uring_prep_read(get_sqe(requests), fd, requests->memory + offset, bytes, 0);
	submit(requests);
}

int requests_wait(struct requests *requests, unsigned int timeout_ms)
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

	ret = cqe->res;
	io_uring_cqe_seen(&requests->ring, cqe);

	return ret;
}
