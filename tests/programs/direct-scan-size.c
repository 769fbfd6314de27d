// SPDX-License-Identifier: MIT
/*
 * Claim: a direct request that is no whole number of scans gets EINVAL: at once
 * if the buffer is enabled, else when it is enabled, and others are not touched.
 */
#include "check.h"
#include "device.h"
#include "requests.h"

#define BYTES 4096

int main(void)
{
	/* a scan of 24 bytes, of which a multiple of the alignment is none */
	const char *const fields[] = { "rate_hz=0", "channels=6", "storage_bits=32", NULL };
	struct requests requests;
	struct device device;
	size_t whole;
	int buffer;

	test_deadline(20);
	device_create(&device, fields);
	whole = BYTES / device.scan_bytes * device.scan_bytes;
	check(whole != BYTES, "the scan size fits %d bytes", BYTES);
	requests_init(&requests, 2 * BYTES);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));

	requests_read_fixed(&requests, buffer, 0, BYTES);
	check_error("a request before enable", requests_wait(&requests, 100), -ETIME);
	requests_read_fixed(&requests, buffer, BYTES, whole);
	check_error("enabling the buffer", device_enable(&device, true), 0);
	check_error("the request that does not fit", requests_wait(&requests, 2000), -EINVAL);
	check_equal("the request that fits", requests_wait(&requests, 2000), whole);

	requests_read_fixed(&requests, buffer, 0, BYTES);
	check_error("one more that does not fit", requests_wait(&requests, 2000), -EINVAL);
	requests_read_fixed(&requests, buffer, 0, whole);
	check_equal("one more that fits", requests_wait(&requests, 2000), whole);
	check_error("disabling the buffer", device_enable(&device, false), 0);

	return EXIT_SUCCESS;
}
