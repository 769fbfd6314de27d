// SPDX-License-Identifier: MIT
/*
 * Claim: direct requests may be queued before the buffer is enabled. Those that
 * fit the scan size then get the stream from its first sample, in the order
 * they were sent; the others get EINVAL.
 */
#include "check.h"
#include "device.h"
#include "requests.h"

#define BLOCKS 4
#define BYTES  4096

int main(void)
{
	const char *const fields[] = { "rate_hz=1000000", NULL };
	struct requests requests;
	struct device device;
	uint64_t expected = 0;
	int buffer, block;

	test_deadline(20);
	device_create(&device, fields);
	check_equal("the scan size", device.scan_bytes, sizeof(uint64_t));
	requests_init(&requests, BLOCKS * BYTES);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));

	for (block = 0; block < BLOCKS; block++)
		requests_read_fixed(&requests, buffer, block * BYTES, BYTES);
	check_error("a request before enable", requests_wait(&requests, 100), -ETIME);

	check_error("enabling the buffer", device_enable(&device, true), 0);
	for (block = 0; block < BLOCKS; block++) {
		const uint64_t *scan = (uint64_t *)(requests.memory + block * BYTES);

		check_equal("a request's result", requests_wait(&requests, 2000), BYTES);
		check_equal("the first scan of a block", scan[0], expected);
		expected += BYTES / device.scan_bytes;
		check_equal("the last scan of a block", scan[BYTES / sizeof(*scan) - 1],
			    expected - 1);
	}
	check_equal("the number of lost samples", device_get(&device, "lost_samples"), 0);
	check_error("disabling the buffer", device_enable(&device, false), 0);

	return EXIT_SUCCESS;
}
