// SPDX-License-Identifier: MIT
/* The paths of reading and writing with a copy, and of opening and enabling the buffer. */
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <iio-uring/uapi.h>

#include "check.h"
#include "sweep.h"

#define IIO   "/sys/bus/iio/devices"
#define BYTES 4096

static char data[BYTES] __attribute__((aligned(8)));

/* That the next file which is opened gets */
static int next_descriptor;

static void create(struct sweep *sweep, const char *direction)
{
	const char *const fields[] = { "rate_hz=0", direction, NULL };

	device_create(&sweep->device, fields);
	sweep->buffer = device_open(&sweep->device, O_RDWR);
	check(sweep->buffer >= 0, "opening the device: %s", strerror(-sweep->buffer));
	sweep_spoil(data, BYTES);
}

static void tear_down(struct sweep *sweep)
{
	close(sweep->buffer);
	device_remove(&sweep->device);
}

static void wait_until_ready(struct sweep *sweep, short events)
{
	struct pollfd pollfd = { .fd = sweep->buffer, .events = events };

	check_equal("polling the buffer", poll(&pollfd, 1, sweep_timeout_ms()), 1);
}

static int attempt_read(struct sweep *sweep)
{
	ssize_t ret = read(sweep->buffer, data, BYTES);

	return ret < 0 ? -errno : ret;
}

static void read_now(struct sweep *sweep)
{
	wait_until_ready(sweep, POLLIN);
	check_equal("reading afterwards", attempt_read(sweep), BYTES);
	sweep_check_samples(data, BYTES);
}

static void set_up_enable(struct sweep *sweep)
{
	char path[128];

	create(sweep, "direction=in");
	snprintf(path, sizeof(path), IIO "/%s/buffer0/enable", sweep->device.id);
	sweep->attribute = open(path, O_WRONLY | O_CLOEXEC);
	check(sweep->attribute >= 0, "opening %s: %s", path, strerror(errno));
}

static int attempt_enable(struct sweep *sweep)
{
	return write(sweep->attribute, "1", 1) < 0 ? -errno : 0;
}

/*
 * A block that the DMA controller refuses is tried again when the buffer is
 * enabled the next time; whoever enables it is not told.
 */
static void use_enabled(struct sweep *sweep, int ret)
{
	if (ret >= 0)
		check_error("disabling the buffer", device_enable(&sweep->device, false), 0);
	check_error("enabling the buffer again", device_enable(&sweep->device, true), 0);
	read_now(sweep);
}

static void tear_down_enable(struct sweep *sweep)
{
	close(sweep->attribute);
	tear_down(sweep);
}

/* Until the next read gives a block back to the DMA controller */
static void set_up_read(struct sweep *sweep)
{
	create(sweep, "direction=in");
	device_set_length(&sweep->device, 2 * BYTES / sweep->device.scan_bytes);
	check_error("enabling the buffer", device_enable(&sweep->device, true), 0);
	wait_until_ready(sweep, POLLIN);
}

static void use_read(struct sweep *sweep, int ret)
{
	if (ret >= 0) {
		check_equal("the number of bytes", ret, BYTES);
		sweep_check_samples(data, BYTES);
	}
	for (int block = 0; block < 4; block++)
		read_now(sweep);
}

static void set_up_write(struct sweep *sweep)
{
	create(sweep, "direction=out");
	device_set_length(&sweep->device, 2 * BYTES / sweep->device.scan_bytes);
	check_error("enabling the buffer", device_enable(&sweep->device, true), 0);
}

static int attempt_write(struct sweep *sweep)
{
	ssize_t ret = write(sweep->buffer, data, BYTES);

	return ret < 0 ? -errno : ret;
}

static void use_write(struct sweep *sweep, int ret)
{
	if (ret >= 0)
		check_equal("the number of bytes", ret, BYTES);
	for (int block = 0; block < 4; block++) {
		wait_until_ready(sweep, POLLOUT);
		check_equal("writing afterwards", attempt_write(sweep), BYTES);
	}
}

static void set_up_open(struct sweep *sweep)
{
	create(sweep, "direction=in");
	next_descriptor = open("/", O_PATH | O_CLOEXEC);
	check(next_descriptor > 0, "opening a directory: %s", strerror(errno));
	close(next_descriptor);
}

static int attempt_get_fd(struct sweep *sweep)
{
	int buffer = 0;

	return ioctl(sweep->buffer, IIO_BUFFER_GET_FD_IOCTL, &buffer) ? -errno : buffer;
}

/* When the kernel can't tell which descriptor it is, it leaves it open */
static void use_fd(struct sweep *sweep, int ret)
{
	if (ret == -EFAULT)
		close(next_descriptor);
	if (ret < 0)
		ret = attempt_get_fd(sweep);
	check(ret > 0, "getting the descriptor afterwards: %s", strerror(-ret));
	check_equal("closing the descriptor", close(ret), 0);
}

const struct path sweep_copy_paths[] = {
	{ .name = "enable",
	  .set_up = set_up_enable,
	  .attempt = attempt_enable,
	  .use = use_enabled,
	  .tear_down = tear_down_enable },
	{ .name = "read",
	  .set_up = set_up_read,
	  .attempt = attempt_read,
	  .use = use_read,
	  .tear_down = tear_down,
	  .tries_again = true },
	{ .name = "write",
	  .set_up = set_up_write,
	  .attempt = attempt_write,
	  .use = use_write,
	  .tear_down = tear_down,
	  .tries_again = true },
	{ .name = "GET_FD",
	  .set_up = set_up_open,
	  .attempt = attempt_get_fd,
	  .use = use_fd,
	  .tear_down = tear_down },
	{ .name = NULL },
};
