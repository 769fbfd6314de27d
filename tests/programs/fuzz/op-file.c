// SPDX-License-Identifier: MIT
/* Operations that get or lose a descriptor. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <iio-uring/uapi.h>

#include "files.h"
#include "operations.h"

#define DIRECT_PERCENT 80
#define BUFFER_NAME    "anon_inode:iio:buffer"

unsigned int file_converter(struct random *random)
{
	/* The DAC and its recorder have less to verify */
	return random_chance(random, 50) ? 0 : random_below(random, CONVERTERS);
}

bool file_is_direct(int fd)
{
	return fcntl(fd, F_GETFL) & O_DIRECT;
}

static void forget_buffer(struct worker *worker, unsigned int converter)
{
	close(worker->opened[converter].buffer);
	worker->opened[converter].buffer = -1;
	atomic_store(&worker->report->buffers[converter], -1);
}

static void remember_buffer(struct worker *worker, unsigned int converter, int buffer)
{
	worker->opened[converter].buffer = buffer;
	atomic_store(&worker->report->buffers[converter], buffer);
}

static int get_fd(int device, bool direct)
{
	int buffer = 0;

	if (ioctl(device, IIO_BUFFER_GET_FD_IOCTL, &buffer))
		return -errno;
	if (direct && fcntl(buffer, F_SETFL, O_DIRECT)) {
		int ret = -errno;

		close(buffer);
		return ret;
	}
	return buffer;
}

static void open_buffer(struct worker *worker, struct random *random, unsigned int converter)
{
	struct opened *opened = &worker->opened[converter];
	bool direct = random_chance(random, DIRECT_PERCENT);
	int buffer;

	if (opened->device >= 0)
		buffer = get_fd(opened->device, direct);
	else
		buffer = converter_open_buffer(&converters[converter], direct);
	worker_expect(worker, KIND_OPEN, buffer < 0 ? buffer : 0, 0);
	if (buffer >= 0)
		remember_buffer(worker, converter, buffer);
}

static bool is_buffer(int fd)
{
	char path[32], name[sizeof(BUFFER_NAME)] = "";

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, name, sizeof(name)) == strlen(BUFFER_NAME) &&
	       !memcmp(name, BUFFER_NAME, strlen(BUFFER_NAME));
}

/* From then on both use the buffer, and both have to close it */
static int borrow_buffer(struct report *lender, unsigned int converter)
{
	int buffer = atomic_load(&lender->buffers[converter]);
	int process, fd;

	if (buffer < 0)
		return -1;
	process = syscall(SYS_pidfd_open, atomic_load(&lender->pid), 0);
	if (process < 0)
		return -1;
	fd = syscall(SYS_pidfd_getfd, process, buffer, 0);
	close(process);
	/* It may have closed that meanwhile, and opened something else */
	if (fd >= 0 && !is_buffer(fd)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* That of the first other process that has it */
static void borrow_any(struct worker *worker, unsigned int converter)
{
	int buffer = -1;

	for (unsigned int i = 1; i < WORKERS && buffer < 0; i++)
		buffer = borrow_buffer(&worker->shared->reports[(worker->number + i) % WORKERS],
				       converter);
	if (buffer >= 0)
		remember_buffer(worker, converter, buffer);
}

static bool is_gone(int fd)
{
	struct pollfd pollfd = { .fd = fd };

	return poll(&pollfd, 1, 0) == 1 && pollfd.revents & POLLHUP;
}

static void forget_gone(struct worker *worker, unsigned int converter)
{
	struct opened *opened = &worker->opened[converter];

	if (opened->buffer >= 0 && is_gone(opened->buffer))
		forget_buffer(worker, converter);
	if (opened->device >= 0 && is_gone(opened->device)) {
		close(opened->device);
		opened->device = -1;
	}
}

int file_get_buffer(struct worker *worker, struct random *random, unsigned int converter)
{
	/* What is drawn here must not change what comes after it */
	struct random own = random_branch(*random, converter);

	/* Some go on with what is gone */
	if (random_chance(&own, 90))
		forget_gone(worker, converter);
	if (worker->opened[converter].buffer < 0)
		open_buffer(worker, &own, converter);
	if (worker->opened[converter].buffer < 0)
		borrow_any(worker, converter);
	return worker->opened[converter].buffer;
}

int file_get(struct worker *worker, struct random *random, unsigned int converter)
{
	const struct opened *opened = &worker->opened[converter];
	bool prefers_device = random_chance(random, 10);

	if (opened->device >= 0 && (prefers_device || opened->buffer < 0))
		return opened->device;
	return file_get_buffer(worker, random, converter);
}

void op_open_device(struct worker *worker, struct random *random)
{
	unsigned int converter = file_converter(random);
	bool direct = random_chance(random, DIRECT_PERCENT);
	int fd;

	if (worker->opened[converter].device >= 0)
		return;
	fd = converter_open(&converters[converter], O_RDWR | (direct ? O_DIRECT : 0));
	worker_expect(worker, KIND_OPEN, fd < 0 ? fd : 0, 0);
	worker->opened[converter].device = fd < 0 ? -1 : fd;
}

void op_open_buffer(struct worker *worker, struct random *random)
{
	unsigned int converter = file_converter(random);

	if (worker->opened[converter].buffer < 0)
		open_buffer(worker, random, converter);
}

void op_borrow_buffer(struct worker *worker, struct random *random)
{
	unsigned int converter = file_converter(random);

	if (worker->opened[converter].buffer < 0)
		borrow_any(worker, converter);
}

void op_close_device(struct worker *worker, struct random *random)
{
	struct opened *opened = &worker->opened[file_converter(random)];

	if (opened->device >= 0)
		close(opened->device);
	opened->device = -1;
}

void op_close_buffer(struct worker *worker, struct random *random)
{
	unsigned int converter = file_converter(random);

	if (worker->opened[converter].buffer >= 0)
		forget_buffer(worker, converter);
}
