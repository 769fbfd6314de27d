// SPDX-License-Identifier: MIT
/*
 * Claim: a software buffer (kfifo) delivers every scan once and in order to
 * read(), to READ, and to READ_FIXED, also across the end of its ring, a waiting
 * READ completes when the watermark is reached, and O_DIRECT is refused.
 *
 * Usage: kfifo-copy iio:deviceN TRIGGER, where TRIGGER is the directory of a
 * sysfs trigger that the dummy device uses.
 */
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "device.h"
#include "requests.h"
#include "sysfs.h"

#define IIO       "/sys/bus/iio/devices"
#define LENGTH    8
#define WATERMARK 4

/* What the dummy sends, with all channels and the timestamp enabled */
struct scan {
	int16_t channels[4];
	int64_t timestamp;
};

static const int16_t expected[4] = { 7, -33, -2, 344 };
static int64_t last_timestamp;
static const char *trigger, *id;

static void check_scans(const void *data, unsigned int count)
{
	const struct scan *scan;

	for (scan = data; scan < (const struct scan *)data + count; scan++) {
		check(!memcmp(scan->channels, expected, sizeof(expected)), "a scan is wrong");
		check(scan->timestamp > last_timestamp, "a scan came twice, or too late");
		last_timestamp = scan->timestamp;
	}
}

static double available(void)
{
	double number;

	check_error("reading data_available",
		    sysfs_read_number(&number, IIO "/%s/buffer0/data_available", id), 0);
	return number;
}

/* One after another: the trigger drops what comes while it is busy */
static void convert(unsigned int count, bool is_read)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	while (count--) {
		double before = available();
		int tries = 1000;

		check_error("triggering", sysfs_write("1", "%s/trigger_now", trigger), 0);
		while (!is_read && available() == before && --tries)
			nanosleep(&pause, NULL);
		check(tries, "no scan came");
		if (is_read)
			nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	}
}

int main(int argc, char **argv)
{
	struct requests requests;
	char path[64], number[16];
	unsigned int round;
	int fd;

	check(argc == 3, "usage: kfifo-copy iio:deviceN TRIGGER");
	id = argv[1];
	trigger = argv[2];
	test_deadline(60);
	requests_init(&requests, 4096);

	snprintf(path, sizeof(path), "/dev/%s", id);
	fd = open(path, O_RDONLY | O_DIRECT);
	check(fd < 0 && errno == EINVAL, "open() with O_DIRECT: %s",
	      fd < 0 ? strerror(errno) : "success");

	fd = open(path, O_RDONLY);
	check(fd >= 0, "opening %s: %s", path, strerror(errno));
	snprintf(number, sizeof(number), "%d", LENGTH);
	check_error("setting the length", sysfs_write(number, IIO "/%s/buffer0/length", id), 0);
	snprintf(number, sizeof(number), "%d", WATERMARK);
	check_error("setting the watermark", sysfs_write(number, IIO "/%s/buffer0/watermark", id),
		    0);
	check_error("enabling the buffer", sysfs_write("1", IIO "/%s/buffer0/enable", id), 0);

	/* 5 of 8: each round begins at another place of the ring */
	for (round = 0; round < 24; round++) {
		size_t bytes = 5 * sizeof(struct scan);
		int ret;

		memset(requests.memory, 0, bytes);
		convert(5, false);
		switch (round % 3) {
		case 0:
			ret = read(fd, requests.memory, bytes);
			break;
		case 1:
			requests_read(&requests, fd, 0, bytes);
			ret = requests_wait(&requests, 2000);
			break;
		default:
			requests_read_fixed(&requests, fd, 0, bytes);
			ret = requests_wait(&requests, 2000);
			break;
		}
		check_equal("the number of bytes", ret, bytes);
		check_scans(requests.memory, 5);
	}

	requests_read(&requests, fd, 0, 6 * sizeof(struct scan));
	convert(WATERMARK - 1, true);
	check_error("READ below the watermark", requests_wait(&requests, 100), -ETIME);
	convert(1, true);
	check_equal("READ at the watermark", requests_wait(&requests, 2000),
		    WATERMARK * sizeof(struct scan));
	check_scans(requests.memory, WATERMARK);
	check_error("disabling the buffer", sysfs_write("0", IIO "/%s/buffer0/enable", id), 0);

	return EXIT_SUCCESS;
}
