// SPDX-License-Identifier: MIT
#include <linux/aio_abi.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <iio-uring/uapi.h>

#include "check.h"
#include "dmabuf.h"
#include "life.h"

static aio_context_t context;

static int collect_from_ring(struct user *user)
{
	uint64_t tag;
	int ret;

	do {
		ret = requests_wait_tagged(&user->requests, &tag, user->bound_ms);
	} while (ret != -ETIME && tag == IIO_BUFFER_CMD_ATTACH);
	return ret;
}

static void send_read_fixed(struct user *user)
{
	for (int block = 0; block < LIFE_BLOCKS; block++)
		requests_read_fixed(&user->requests, user->buffer, block * LIFE_BYTES, LIFE_BYTES);
}

static void send_write_fixed(struct user *user)
{
	for (int block = 0; block < LIFE_BLOCKS; block++)
		requests_write_fixed(&user->requests, user->buffer, block * LIFE_BYTES, LIFE_BYTES);
}

static void send_transfer(struct user *user)
{
	for (int block = 0; block < LIFE_BLOCKS; block++)
		requests_region(&user->requests, user->buffer, IIO_BUFFER_CMD_TRANSFER,
				block * LIFE_BYTES, LIFE_BYTES, 0);
}

static void *read_synchronously(void *argument)
{
	struct user *user = argument;
	ssize_t ret = read(user->buffer, user->requests.memory, LIFE_BYTES);

	user->result = ret < 0 ? -errno : ret;
	return NULL;
}

static void send_read(struct user *user)
{
	const struct timespec pause = { .tv_nsec = 20000000 };

	check(!pthread_create(&user->thread, NULL, read_synchronously, user), "no thread");
	/* The only kind that does not tell when it is under way */
	nanosleep(&pause, NULL);
}

static int collect_read(struct user *user)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += user->bound_ms / 1000;
	if (pthread_timedjoin_np(user->thread, NULL, &until) && user->thread)
		return -ETIME;
	return user->result;
}

static void send_libaio(struct user *user)
{
	check(!syscall(SYS_io_setup, LIFE_BLOCKS, &context), "io_setup(): %s", strerror(errno));
	for (int block = 0; block < LIFE_BLOCKS; block++) {
		struct iocb iocb = {
			.aio_lio_opcode = IOCB_CMD_PREAD,
			.aio_fildes = user->buffer,
			.aio_buf = (uintptr_t)user->requests.memory + block * LIFE_BYTES,
			.aio_nbytes = LIFE_BYTES,
		};
		struct iocb *iocbs[] = { &iocb };

		check(syscall(SYS_io_submit, context, 1, iocbs) == 1, "io_submit(): %s",
		      strerror(errno));
	}
}

static int collect_libaio(struct user *user)
{
	struct timespec timeout = { .tv_sec = user->bound_ms / 1000 };
	struct io_event event;

	if (syscall(SYS_io_getevents, context, 1, 1, &event, &timeout) != 1)
		return -ETIME;
	return event.res;
}

static void attach_dmabufs(struct user *user)
{
	for (int block = 0; block < LIFE_BLOCKS; block++)
		check_error("attaching a DMABUF", dmabuf_attach(user->buffer, user->dmabufs[block]),
			    0);
}

static void send_dmabuf(struct user *user)
{
	for (int block = 0; block < LIFE_BLOCKS; block++)
		check_error("queueing a DMABUF",
			    dmabuf_enqueue(user->buffer, user->dmabufs[block], LIFE_BYTES, 0), 0);
}

static void send_dmabuf_command(struct user *user)
{
	for (int block = 0; block < LIFE_BLOCKS; block++) {
		struct iio_dmabuf dmabuf = { .fd = user->dmabufs[block], .bytes_used = LIFE_BYTES };

		requests_command(&user->requests, user->buffer, IIO_BUFFER_CMD_DMABUF_ENQUEUE,
				 &dmabuf, sizeof(dmabuf), 0);
	}
}

const struct kind life_kinds[] = {
	{ .name = "READ_FIXED", .send = send_read_fixed, .collect = collect_from_ring },
	{ .name = "WRITE_FIXED",
	  .is_output = true,
	  .send = send_write_fixed,
	  .collect = collect_from_ring },
	{ .name = "TRANSFER", .send = send_transfer, .collect = collect_from_ring },
	{ .name = "read", .send = send_read, .collect = collect_read },
	{ .name = "libaio", .send = send_libaio, .collect = collect_libaio },
	{ .name = "DMABUF", .prepare = attach_dmabufs, .send = send_dmabuf },
	{ .name = "DMABUF_ENQUEUE",
	  .prepare = attach_dmabufs,
	  .send = send_dmabuf_command,
	  .collect = collect_from_ring },
	{ .name = NULL },
};
