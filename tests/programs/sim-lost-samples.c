// SPDX-License-Identifier: MIT
/*
 * Claim: lost_samples of a simulated ADC is exactly what its reader misses,
 * whatever the reason; an unpaced one never loses anything.
 */
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include "check.h"
#include "counter.h"
#include "device.h"

/* A scan is 8 bytes and takes 1 us, a block 66 ms */
#define BLOCK_SCANS 65536
#define BLOCK_BYTES (BLOCK_SCANS * 8)
#define BLOCKS      12

/* Longer than the two blocks of the buffer last, and what the engine may be late */
#define PAUSE_US         300000
#define PAUSE_SCANS_LOST (PAUSE_US - 3 * BLOCK_SCANS)

static const char *const paced[] = { "rate_hz=1000000", NULL };
static const char *const unpaced[] = { "rate_hz=0", NULL };

static void pause_reader(const struct device *device)
{
	(void)device;
	usleep(PAUSE_US);
}

static void stall(const struct device *device)
{
	device_set(device, "stall", "1");
	usleep(PAUSE_US);
	device_set(device, "stall", "0");
}

static void fail_two_transfers(const struct device *device)
{
	device_set(device, "fail_transfers", "2");
}

static void cut_a_transfer_short(const struct device *device)
{
	device_set(device, "short_transfer_bytes", "4096");
}

static void complete_late(const struct device *device)
{
	device_set(device, "completion_delay_us", "300000");
}

/**
 * struct reason - why samples are lost, or are not
 * @name:	as given on the command line
 * @fields:	of the converter
 * @happen:	what happens in the middle of reading
 * @min_lost:	scans lost by that
 * @max_lost:	the same
 */
static const struct reason {
	const char *name;
	const char *const *fields;
	void (*happen)(const struct device *device);
	uint64_t min_lost;
	uint64_t max_lost;
} reasons[] = {
	{ "late-reader", paced, pause_reader, PAUSE_SCANS_LOST, UINT64_MAX },
	{ "stall", paced, stall, PAUSE_SCANS_LOST, UINT64_MAX },
	{ "failed-transfer", paced, fail_two_transfers, 2 * BLOCK_SCANS, UINT64_MAX },
	{ "short-transfer", paced, cut_a_transfer_short, 4096 / 8, UINT64_MAX },
	{ "late-completion", paced, complete_late, PAUSE_SCANS_LOST, UINT64_MAX },
	{ "unpaced-late-reader", unpaced, pause_reader, 0, 0 },
	{ "unpaced-stall", unpaced, stall, 0, 0 },
	{ "unpaced-failed-transfer", unpaced, fail_two_transfers, 0, 0 },
	{ "unpaced-short-transfer", unpaced, cut_a_transfer_short, 0, 0 },
	{ "unpaced-late-completion", unpaced, complete_late, 0, 0 },
};

/* Returns how much it has read, less than asked for only if the descriptor does not wait */
static size_t read_counter(int fd, struct counter_check *counter, size_t bytes)
{
	static unsigned char block[BLOCK_BYTES];
	size_t done = 0;

	while (done < bytes) {
		size_t wanted = bytes - done < sizeof(block) ? bytes - done : sizeof(block);
		ssize_t got = read(fd, block, wanted);

		if (got < 0 && errno == EAGAIN)
			break;
		check(got > 0, "read() gave %zd: %s", got, strerror(errno));
		counter_check_block(counter, block, got);
		done += got;
	}

	return done;
}

/*
 * To compare at a moment at which nothing changes: a stall leaves one block
 * with the converter, and what was lost before that one shows in its beginning.
 */
static uint64_t lost_by_now(const struct device *device, int fd, struct counter_check *counter)
{
	uint64_t lost;

	device_set(device, "stall", "1");
	check(!fcntl(fd, F_SETFL, O_NONBLOCK), "fcntl(): %s", strerror(errno));
	while (read_counter(fd, counter, BLOCK_BYTES))
		;
	usleep(PAUSE_US);
	lost = device_get(device, "lost_samples");

	device_set(device, "stall", "0");
	check(!fcntl(fd, F_SETFL, 0), "fcntl(): %s", strerror(errno));
	read_counter(fd, counter, 64);
	counter_check_end(counter);

	return lost;
}

static void test(const struct reason *reason)
{
	struct counter_check counter;
	struct device device;
	uint64_t lost_before, lost;
	int fd;

	device_create(&device, reason->fields);
	device_set_length(&device, 2 * BLOCK_SCANS);
	fd = device_open(&device, O_RDONLY);
	check(fd >= 0, "opening the device: %s", strerror(-fd));
	check_error("enabling the buffer", device_enable(&device, true), 0);

	counter_check_begin(&counter, device.scan_bytes);
	read_counter(fd, &counter, BLOCKS / 2 * BLOCK_BYTES);
	lost_before = device_get(&device, "lost_samples");
	reason->happen(&device);
	read_counter(fd, &counter, BLOCKS / 2 * BLOCK_BYTES);
	lost = lost_by_now(&device, fd, &counter);

	check_equal("the number of scans the reader misses", counter.faults.lost, lost);
	check_equal("the number of duplicated scans", counter.faults.duplicated, 0);
	check_equal("the number of reordered scans", counter.faults.reordered, 0);
	check_equal("the number of corrupt scans", counter.faults.corrupt, 0);
	check(lost - lost_before >= reason->min_lost && lost - lost_before <= reason->max_lost,
	      "%llu scans were lost on purpose, expected at least %llu and at most %llu",
	      (unsigned long long)(lost - lost_before), (unsigned long long)reason->min_lost,
	      (unsigned long long)reason->max_lost);
}

int main(int argc, char **argv)
{
	size_t i;

	test_deadline(60);
	for (i = 0; argc == 2 && i < sizeof(reasons) / sizeof(*reasons); i++) {
		if (!strcmp(reasons[i].name, argv[1])) {
			test(&reasons[i]);
			return EXIT_SUCCESS;
		}
	}

	fprintf(stderr, "usage: sim-lost-samples REASON, one of\n");
	for (i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		fprintf(stderr, "\t%s\n", reasons[i].name);
	return 2;
}
