// SPDX-License-Identifier: MIT
/*
 * Claim: disabling the buffer and removing the device complete every direct
 * request with an error that says so, running, stalled, or queued before the
 * buffer was enabled, and later requests get one at once.
 */
#include <unistd.h>

#include "check.h"
#include "device.h"
#include "requests.h"

#define BLOCKS 8
#define BYTES  65536

static void check_disable(const struct device *device, struct requests *requests, int buffer,
			  const char *stall)
{
	int block, canceled = 0;

	device_set(device, "stall", stall);
	check_error("enabling the buffer", device_enable(device, true), 0);
	for (block = 0; block < BLOCKS; block++)
		requests_read_fixed(requests, buffer, block * BYTES, BYTES);
	check_error("disabling the buffer", device_enable(device, false), 0);

	for (block = 0; block < BLOCKS; block++) {
		int ret = requests_wait(requests, 2000);

		check(ret == BYTES || ret == -ECANCELED, "a request after disable: %d", ret);
		canceled += ret == -ECANCELED;
	}
	check(canceled, "no request was canceled");
	device_set(device, "stall", "0");
}

static void check_removal(struct device *device, struct requests *requests, int buffer,
			  int expected)
{
	int block;

	for (block = 0; block < BLOCKS; block++)
		requests_read_fixed(requests, buffer, block * BYTES, BYTES);
	device_remove(device);
	for (block = 0; block < BLOCKS; block++)
		check_error("a request after removal", requests_wait(requests, 2000), expected);

	requests_read_fixed(requests, buffer, 0, BYTES);
	check_error("a new request after removal", requests_wait(requests, 2000), -ENODEV);
	close(buffer);
}

int main(void)
{
	const char *const fields[] = { "rate_hz=1000000", NULL };
	struct requests requests;
	struct device device;
	int buffer;

	test_deadline(30);
	requests_init(&requests, BLOCKS * BYTES);

	device_create(&device, fields);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));
	check_disable(&device, &requests, buffer, "0");
	check_disable(&device, &requests, buffer, "1");

	/* unplugging disables the buffer first */
	device_set(&device, "stall", "1");
	check_error("enabling the buffer", device_enable(&device, true), 0);
	check_removal(&device, &requests, buffer, -ECANCELED);

	device_create(&device, fields);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer again: %s", strerror(-buffer));
	check_removal(&device, &requests, buffer, -ENODEV);

	return EXIT_SUCCESS;
}
