// SPDX-License-Identifier: MIT
/* The paths of direct transfers, by io_uring, libaio and read(). */
#include <sys/syscall.h>
#include <unistd.h>

#include <iio-uring/uapi.h>

#include "check.h"
#include "sweep.h"

#define WARM_UP 4

/* So that nothing is kept from an attempt for the next one, the converter is a new one. */
static void set_up_stream(struct sweep *sweep)
{
	const char *const fields[] = { "rate_hz=0", "max_segment_bytes=4096", NULL };

	device_create(&sweep->device, fields);
	requests_init(&sweep->requests, SWEEP_BYTES);
	sweep_spoil(sweep->requests.memory, SWEEP_BYTES);
	sweep->bytes = SWEEP_BYTES;
	sweep->buffer = device_open_direct(&sweep->device);
	check(sweep->buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-sweep->buffer));
	check_error("enabling the buffer", device_enable(&sweep->device, true), 0);
}

static void tear_down_stream(struct sweep *sweep)
{
	close(sweep->buffer);
	requests_exit(&sweep->requests);
	device_remove(&sweep->device);
}

static void prepare_read_fixed(struct sweep *sweep)
{
	sweep->requests.is_deferred = true;
	requests_read_fixed(&sweep->requests, sweep->buffer, 0, sweep->bytes);
	sweep->requests.is_deferred = false;
}

static void read_fixed_now(struct sweep *sweep)
{
	sweep_spoil(sweep->requests.memory, SWEEP_BYTES);
	requests_read_fixed(&sweep->requests, sweep->buffer, 0, SWEEP_BYTES);
	check_equal("READ_FIXED afterwards", requests_wait(&sweep->requests, sweep_timeout_ms()),
		    SWEEP_BYTES);
	sweep_check_samples(sweep->requests.memory, SWEEP_BYTES);
}

/* All of the block has come, or nothing */
static void use_block(struct sweep *sweep, int ret)
{
	if (ret < 0) {
		check(sweep_is_spoilt(sweep->requests.memory, SWEEP_BYTES),
		      "there are samples in memory");
	} else {
		check_equal("the number of bytes", ret, sweep->bytes);
		sweep_check_samples(sweep->requests.memory, sweep->bytes);
	}
	read_fixed_now(sweep);
}

static void set_up_read_fixed(struct sweep *sweep)
{
	set_up_stream(sweep);
	prepare_read_fixed(sweep);
}

static void set_up_read_fixed_later(struct sweep *sweep)
{
	set_up_stream(sweep);
	for (int i = 0; i < WARM_UP; i++)
		read_fixed_now(sweep);
	sweep_spoil(sweep->requests.memory, SWEEP_BYTES);
	prepare_read_fixed(sweep);
}

static void use_block_and_go_on(struct sweep *sweep, int ret)
{
	use_block(sweep, ret);
	sweep_spoil(sweep->requests.memory, SWEEP_BYTES);
	prepare_read_fixed(sweep);
}

static void set_up_transfer(struct sweep *sweep)
{
	set_up_stream(sweep);
	sweep->requests.is_deferred = true;
	requests_region(&sweep->requests, sweep->buffer, IIO_BUFFER_CMD_TRANSFER, 0, SWEEP_BYTES,
			0);
	sweep->requests.is_deferred = false;
}

static void set_up_attach(struct sweep *sweep)
{
	set_up_stream(sweep);
	sweep->requests.is_deferred = true;
	requests_region(&sweep->requests, sweep->buffer, IIO_BUFFER_CMD_ATTACH, 0, SWEEP_BYTES, 0);
	sweep->requests.is_deferred = false;
}

/* An attachment that fails completes at once */
static int settle_attach(struct sweep *sweep, int ret)
{
	struct io_uring_cqe *cqe;

	if (ret < 0)
		return sweep_settle_submit(sweep, ret);

	sweep->is_attached = io_uring_peek_cqe(&sweep->requests.ring, &cqe);
	return sweep->is_attached ? 0 : requests_wait(&sweep->requests, 0);
}

static void use_attachment(struct sweep *sweep, int ret)
{
	unsigned int completions = sweep->is_attached ? 2 : 1;
	uint64_t tag;

	check(sweep->is_attached == (ret >= 0), "an attachment has ended with %d", ret);
	read_fixed_now(sweep);

	requests_region(&sweep->requests, sweep->buffer, IIO_BUFFER_CMD_ABORT, 0, 0, 0);
	while (completions--) {
		ret = requests_wait_tagged(&sweep->requests, &tag, sweep_timeout_ms());
		check_error("a completion after ABORT", ret,
			    tag == IIO_BUFFER_CMD_ABORT ? 0 : -ECANCELED);
	}
	read_fixed_now(sweep);
}

/* A part of a segment, so that the addresses of the attachment can't be used as they are */
static void set_up_attached(struct sweep *sweep)
{
	set_up_attach(sweep);
	check_error("attaching", settle_attach(sweep, sweep_submit(sweep)), 0);
	sweep->bytes = SWEEP_BYTES - 512;
	prepare_read_fixed(sweep);
}

static int attempt_read(struct sweep *sweep)
{
	ssize_t ret = read(sweep->buffer, sweep->requests.memory, SWEEP_BYTES);

	return ret < 0 ? -errno : ret;
}

static void set_up_libaio(struct sweep *sweep)
{
	set_up_stream(sweep);
	sweep->context = 0;
	check(!syscall(SYS_io_setup, 1, &sweep->context), "io_setup(): %s", strerror(errno));
}

static int attempt_libaio(struct sweep *sweep)
{
	struct iocb iocb = {
		.aio_lio_opcode = IOCB_CMD_PREAD,
		.aio_fildes = sweep->buffer,
		.aio_buf = (uintptr_t)sweep->requests.memory,
		.aio_nbytes = SWEEP_BYTES,
	};
	struct iocb *iocbs[] = { &iocb };
	long ret = syscall(SYS_io_submit, sweep->context, 1, iocbs);

	return ret < 0 ? -errno : ret;
}

static int settle_libaio(struct sweep *sweep, int ret)
{
	struct timespec timeout = { .tv_sec = sweep_timeout_ms() / 1000 };
	struct io_event event;

	if (ret < 0)
		return ret;

	check_equal("the number of requests that were taken", ret, 1);
	ret = syscall(SYS_io_getevents, sweep->context, 1, 1, &event, &timeout);
	check_equal("the number of events", ret, 1);
	return event.res;
}

static void tear_down_libaio(struct sweep *sweep)
{
	check(!syscall(SYS_io_destroy, sweep->context), "io_destroy(): %s", strerror(errno));
	tear_down_stream(sweep);
}

const struct path sweep_direct_paths[] = {
	{ .name = "READ_FIXED",
	  .set_up = set_up_read_fixed,
	  .attempt = sweep_submit,
	  .settle = sweep_settle_submit,
	  .use = use_block,
	  .tear_down = tear_down_stream },
	{ .name = "READ_FIXED-later",
	  .set_up = set_up_read_fixed_later,
	  .attempt = sweep_submit,
	  .settle = sweep_settle_submit,
	  .use = use_block_and_go_on,
	  .tear_down = tear_down_stream,
	  .goes_on = true,
	  /* A stream allocates nothing */
	  .needs_nothing = true },
	{ .name = "READ_FIXED-attached",
	  .set_up = set_up_attached,
	  .attempt = sweep_submit,
	  .settle = sweep_settle_submit,
	  .use = use_block,
	  .tear_down = tear_down_stream },
	{ .name = "TRANSFER",
	  .set_up = set_up_transfer,
	  .attempt = sweep_submit,
	  .settle = sweep_settle_submit,
	  .use = use_block,
	  .tear_down = tear_down_stream },
	{ .name = "ATTACH",
	  .set_up = set_up_attach,
	  .attempt = sweep_submit,
	  .settle = settle_attach,
	  .use = use_attachment,
	  .tear_down = tear_down_stream },
	{ .name = "read-direct",
	  .set_up = set_up_stream,
	  .attempt = attempt_read,
	  .use = use_block,
	  .tear_down = tear_down_stream },
	{ .name = "libaio",
	  .set_up = set_up_libaio,
	  .attempt = attempt_libaio,
	  .settle = settle_libaio,
	  .use = use_block,
	  .tear_down = tear_down_libaio },
	{ .name = NULL },
};
