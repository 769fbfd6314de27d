// SPDX-License-Identifier: MIT
/*
 * Claim: a transfer beyond direct_max_requests or direct_max_bytes is refused at
 * once with ENOBUFS, by each interface, and there is room again when others are
 * over.
 */
#include <fcntl.h>
#include <unistd.h>

#include <iio-uring/uapi.h>

#include "check.h"
#include "device.h"
#include "requests.h"
#include "sysfs.h"

#define BLOCKS 3
#define BYTES  8192

static struct requests requests;

static void set_limit(const struct device *device, const char *limit, const char *value)
{
	int ret = sysfs_write(value, "/sys/bus/iio/devices/%s/buffer0/%s", device->id, limit);

	check(!ret, "setting %s to %s: %s", limit, value, strerror(-ret));
}

/* One that waits for the buffer to be enabled */
static void queue(int buffer, unsigned int block)
{
	requests_read_fixed(&requests, buffer, block * BYTES, BYTES);
	check_error("a transfer within the limit", requests_wait(&requests, 50), -ETIME);
}

static void check_refused(int buffer, size_t bytes)
{
	int ret = read(buffer, requests.memory, bytes);

	check_error("read() beyond the limit", ret < 0 ? -errno : ret, -ENOBUFS);
	requests_read_fixed(&requests, buffer, 0, bytes);
	check_error("READ_FIXED beyond the limit", requests_wait(&requests, 2000), -ENOBUFS);
	requests_read(&requests, buffer, 0, bytes);
	check_error("READ beyond the limit", requests_wait(&requests, 2000), -ENOBUFS);
	requests_region(&requests, buffer, IIO_BUFFER_CMD_TRANSFER, 0, bytes, 0);
	check_error("TRANSFER beyond the limit", requests_wait(&requests, 2000), -ENOBUFS);
}

static void finish(const struct device *device, unsigned int blocks)
{
	check_error("enabling the buffer", device_enable(device, true), 0);
	while (blocks--)
		check_equal("a transfer", requests_wait(&requests, 2000), BYTES);
	check_error("disabling the buffer", device_enable(device, false), 0);
}

int main(void)
{
	const char *const fields[] = { "rate_hz=1000000", NULL };
	struct device device;
	int buffer;

	test_deadline(30);
	requests_init(&requests, BLOCKS * BYTES);
	device_create(&device, fields);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));

	set_limit(&device, "direct_max_requests", "2");
	queue(buffer, 0);
	queue(buffer, 1);
	check_refused(buffer, 8);
	finish(&device, 2);
	queue(buffer, 0);
	finish(&device, 1);
	set_limit(&device, "direct_max_requests", "4096");

	/* 2.5 transfers */
	set_limit(&device, "direct_max_bytes", "20480");
	queue(buffer, 0);
	queue(buffer, 1);
	check_refused(buffer, BYTES);
	requests_read_fixed(&requests, buffer, 2 * BYTES, BYTES / 2);
	check_error("what is left of the limit", requests_wait(&requests, 50), -ETIME);
	check_error("enabling the buffer", device_enable(&device, true), 0);
	check_equal("the first", requests_wait(&requests, 2000), BYTES);
	check_equal("the second", requests_wait(&requests, 2000), BYTES);
	check_equal("the third", requests_wait(&requests, 2000), BYTES / 2);
	check_refused(buffer, 3 * BYTES);

	check_error("disabling the buffer", device_enable(&device, false), 0);
	return EXIT_SUCCESS;
}
