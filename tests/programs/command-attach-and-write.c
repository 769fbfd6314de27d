// SPDX-License-Identifier: MIT
/*
 * Claim: what the CPU writes into an attached region stays: beside a transfer,
 * into what one has filled before, and when the attachment ends.
 */
#include <iio-uring/uapi.h>

#include "check.h"
#include "device.h"
#include "requests.h"

#define BYTES   ((size_t)65536)
#define BLOCK   ((size_t)4096)
#define PATTERN 0x5a

static void check_pattern(const struct requests *requests, size_t from, size_t to, const char *when)
{
	for (size_t at = from; at < to; at++)
		check(requests->memory[at] == PATTERN, "byte %zu is lost %s", at, when);
}

static void read_block(struct requests *requests, int buffer, size_t offset)
{
	requests_read_fixed(requests, buffer, offset, BLOCK);
	check_equal("a read", requests_wait(requests, 5000), (long long)BLOCK);
}

static void abort_all(struct requests *requests, int buffer)
{
	uint64_t tag;

	requests_region(requests, buffer, IIO_BUFFER_CMD_ABORT, 0, 0, 0);
	for (int completions = 0; completions < 2; completions++) {
		int ret = requests_wait_tagged(requests, &tag, 2000);

		check_error("a completion after ABORT", ret,
			    tag == IIO_BUFFER_CMD_ABORT ? 0 : -ECANCELED);
	}
}

int main(void)
{
	const char *const fields[] = { "rate_hz=0", NULL };
	struct requests requests;
	struct device device;
	int buffer;

	test_deadline(20);
	device_create(&device, fields);
	requests_init(&requests, BYTES);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));
	requests_region(&requests, buffer, IIO_BUFFER_CMD_ATTACH, 0, BYTES, 0);
	check_error("a new attachment", requests_wait(&requests, 200), -ETIME);
	requests_read_fixed(&requests, buffer, 0, BLOCK);
	check_error("enabling the buffer", device_enable(&device, true), 0);
	check_equal("the first read", requests_wait(&requests, 5000), (long long)BLOCK);

	memset(requests.memory, PATTERN, BYTES);
	read_block(&requests, buffer, BLOCK);
	check_pattern(&requests, 0, BLOCK, "before a transfer");
	check_pattern(&requests, 2 * BLOCK, BYTES, "behind a transfer");

	memset(requests.memory, PATTERN, BYTES);
	abort_all(&requests, buffer);
	check_pattern(&requests, 0, BYTES, "with the attachment");
	check_error("disabling the buffer", device_enable(&device, false), 0);

	return EXIT_SUCCESS;
}
