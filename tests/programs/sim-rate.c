// SPDX-License-Identifier: MIT
/*
 * Claim: a simulated ADC delivers no sample before it was converted, and after
 * some seconds is still in step with the clock.
 */
#include <endian.h>
#include <fcntl.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "device.h"

/* A prime, so that no block takes a whole number of nanoseconds */
#define RATE_HZ     999983
#define BLOCK_SCANS 8192
#define BLOCKS      (3 * RATE_HZ / BLOCK_SCANS)

/* 0.5 % of the time measured */
#define MAX_LATE_NS 15000000

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Reads one block and returns the number of scans converted up to its end */
static int64_t read_block(int fd)
{
	static uint64_t block[BLOCK_SCANS];
	size_t bytes = 0;

	while (bytes < sizeof(block)) {
		ssize_t more = read(fd, (char *)block + bytes, sizeof(block) - bytes);

		check(more > 0, "read() gave %zd: %s", more, strerror(errno));
		bytes += more;
	}

	return le64toh(block[BLOCK_SCANS - 1]) + 1;
}

int main(void)
{
	const char *const fields[] = { "rate_hz=999983", NULL };
	int64_t before_ns, enabled_ns, due_ns, late_ns, least_late_ns = INT64_MAX;
	struct device device;
	int fd, block;

	test_deadline(60);
	device_create(&device, fields);
	device_set_length(&device, 2 * BLOCK_SCANS);
	fd = device_open(&device, O_RDONLY);
	check(fd >= 0, "opening the device: %s", strerror(-fd));

	before_ns = now_ns();
	check_error("enabling the buffer", device_enable(&device, true), 0);
	enabled_ns = now_ns();

	for (block = 0; block < BLOCKS; block++) {
		due_ns = read_block(fd) * 1000000000 / RATE_HZ;
		late_ns = now_ns() - enabled_ns - due_ns;
		check(late_ns >= before_ns - enabled_ns, "block %d came %lld ns early", block,
		      (long long)-late_ns);
		/* Single blocks may be late for many reasons, but not all those at the end */
		if (block > BLOCKS * 2 / 3 && late_ns < least_late_ns)
			least_late_ns = late_ns;
	}
	check(least_late_ns <= MAX_LATE_NS, "all blocks at the end are late, the least by %lld ns",
	      (long long)least_late_ns);

	return EXIT_SUCCESS;
}
