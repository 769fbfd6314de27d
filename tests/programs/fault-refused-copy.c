// SPDX-License-Identifier: MIT
/*
 * Claim: read() goes on, in order, after the DMA controller did not take a
 * block. In Debian's kernel it turns in circles and can't be killed.
 */
#include <unistd.h>

#include "check.h"
#include "device.h"

#define SCANS  512
#define BLOCKS 10

int main(void)
{
	const char *const fields[] = { "rate_hz=0", NULL };
	uint64_t scans[SCANS];
	struct device device;
	int buffer, block;

	test_deadline(10);
	device_create(&device, fields);
	check_equal("the scan size", device.scan_bytes, sizeof(scans[0]));
	device_set_length(&device, 2 * SCANS);
	buffer = device_open_buffer(&device);
	check(buffer >= 0, "opening the buffer: %s", strerror(-buffer));
	check_error("enabling the buffer", device_enable(&device, true), 0);

	for (block = 0; block < BLOCKS; block++) {
		if (block == 3)
			device_set(&device, "refuse_submits", "1");
		check_equal("the result of read()", read(buffer, scans, sizeof(scans)),
			    sizeof(scans));
		check_equal("the first scan of a block", scans[0], block * SCANS);
	}
	check_equal("submits left to refuse", device_get(&device, "refuse_submits"), 0);

	return EXIT_SUCCESS;
}
