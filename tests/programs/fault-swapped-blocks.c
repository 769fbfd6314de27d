// SPDX-License-Identifier: MIT
/*
 * Claim: read() returns the first block of a run first, also after a run that
 * ended with an odd number of blocks. Debian's kernel returns the second one.
 */
#include <unistd.h>

#include "check.h"
#include "device.h"

#define SCANS 512

static uint64_t read_block(int buffer, size_t bytes)
{
	uint64_t scans[SCANS];
	ssize_t ret = read(buffer, scans, bytes);

	check_equal("the result of read()", ret, bytes);

	return scans[0];
}

int main(void)
{
	const char *const fields[] = { "rate_hz=0", NULL };
	struct device device;
	size_t bytes;
	int buffer;

	test_deadline(20);
	device_create(&device, fields);
	check_equal("the scan size", device.scan_bytes, sizeof(uint64_t));
	bytes = SCANS * device.scan_bytes;
	device_set_length(&device, 2 * SCANS);
	buffer = device_open_buffer(&device);
	check(buffer >= 0, "opening the buffer: %s", strerror(-buffer));

	check_error("enabling the buffer", device_enable(&device, true), 0);
	check_equal("the first scan", read_block(buffer, bytes), 0);
	check_error("disabling the buffer", device_enable(&device, false), 0);

	check_error("enabling it again", device_enable(&device, true), 0);
	check_equal("the first scan of the second run", read_block(buffer, bytes), 0);
	check_equal("the next block of the second run", read_block(buffer, bytes), SCANS);

	return EXIT_SUCCESS;
}
