// SPDX-License-Identifier: MIT
/*
 * Claim: a cyclic DMABUF plays over and over until the next one replaces it.
 * Debian's kernel plays it once.
 */
#include <poll.h>
#include <time.h>

#include "check.h"
#include "device.h"
#include "dmabuf.h"
#include "iio-uring/uapi.h"

#define BYTES   4096
#define PERIODS 10

static void wait_for_periods(const struct device *device)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	int tries = 2000;

	while (device_get(device, "cyclic_periods") < PERIODS) {
		check(tries--, "%llu periods played, expected %d",
		      (unsigned long long)device_get(device, "cyclic_periods"), PERIODS);
		nanosleep(&pause, NULL);
	}
}

int main(void)
{
	const char *const fields[] = { "direction=out", "rate_hz=1000000", NULL };
	struct device device;
	int buffer, cyclic, next;

	test_deadline(20);
	device_create(&device, fields);
	buffer = device_open_buffer(&device);
	check(buffer >= 0, "opening the buffer: %s", strerror(-buffer));
	cyclic = dmabuf_allocate(BYTES);
	next = dmabuf_allocate(BYTES);
	check_error("attaching a DMABUF", dmabuf_attach(buffer, cyclic), 0);
	check_error("attaching another", dmabuf_attach(buffer, next), 0);
	check_error("enabling the buffer", device_enable(&device, true), 0);

	check_error("enqueueing the cyclic one",
		    dmabuf_enqueue(buffer, cyclic, BYTES, IIO_BUFFER_DMABUF_CYCLIC), 0);
	wait_for_periods(&device);
	check_error("the cyclic one", dmabuf_wait(cyclic, POLLOUT, 0), -ETIMEDOUT);

	check_error("enqueueing the next one", dmabuf_enqueue(buffer, next, BYTES, 0), 0);
	check_error("waiting for the next one", dmabuf_wait(next, POLLOUT, 2000), 0);
	check_error("the replaced one", dmabuf_wait(cyclic, POLLOUT, 2000), 0);

	return EXIT_SUCCESS;
}
