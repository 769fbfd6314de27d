// SPDX-License-Identifier: MIT
/*
 * Claim: READ without O_DIRECT waits for data without a worker thread, gets the
 * stream in order, also into registered memory, and ends when the device is
 * removed.
 */
#include <dirent.h>
#include <unistd.h>

#include "check.h"
#include "device.h"
#include "requests.h"

#define BLOCKS 8
#define BYTES  4096

static int count_threads(void)
{
	DIR *directory = opendir("/proc/self/task");
	struct dirent *entry;
	int threads = 0;

	check(directory, "opening /proc/self/task: %s", strerror(errno));
	while ((entry = readdir(directory)))
		threads += entry->d_name[0] != '.';
	closedir(directory);

	return threads;
}

int main(void)
{
	/* 51 ms a block, so that a request has to wait */
	const char *const fields[] = { "rate_hz=10000", NULL };
	struct requests requests;
	struct device device;
	uint64_t expected = 0;
	int buffer, block;

	test_deadline(20);
	device_create(&device, fields);
	check_equal("the scan size", device.scan_bytes, sizeof(uint64_t));
	device_set_length(&device, 2 * BYTES / device.scan_bytes);
	requests_init(&requests, BYTES);
	buffer = device_open_buffer(&device);
	check(buffer >= 0, "opening the buffer: %s", strerror(-buffer));
	check_error("enabling the buffer", device_enable(&device, true), 0);

	for (block = 0; block < BLOCKS; block++) {
		if (block % 2)
			requests_read_fixed(&requests, buffer, 0, BYTES);
		else
			requests_read(&requests, buffer, 0, BYTES);
		check_equal("the number of threads", count_threads(), 1);
		check_equal("the result of a request", requests_wait(&requests, 2000), BYTES);
		check_equal("the first scan of a block", *(uint64_t *)requests.memory, expected);
		expected += BYTES / device.scan_bytes;
	}

	device_set(&device, "stall", "1");
	for (block = 0; block < 3; block++) {
		requests_read(&requests, buffer, 0, BYTES);
		if (requests_wait(&requests, 200) == -ETIME)
			break;
	}
	check(block < 3, "a stalled converter sends data");
	device_remove(&device);
	check_error("a waiting request after removal", requests_wait(&requests, 2000), -ENODEV);

	return EXIT_SUCCESS;
}
