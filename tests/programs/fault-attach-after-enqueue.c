// SPDX-License-Identifier: MIT
/*
 * Claim: a DMABUF that is enqueued on a disabled buffer is transferred when the
 * buffer is enabled, also if another one is attached in between. Debian's
 * kernel forgets it.
 */
#include <poll.h>

#include "check.h"
#include "device.h"
#include "dmabuf.h"

#define BYTES 4096

int main(void)
{
	const char *const fields[] = { "rate_hz=0", NULL };
	struct device device;
	int buffer, first, second;

	test_deadline(20);
	device_create(&device, fields);
	buffer = device_open_buffer(&device);
	check(buffer >= 0, "opening the buffer: %s", strerror(-buffer));

	first = dmabuf_allocate(BYTES);
	second = dmabuf_allocate(BYTES);
	check_error("attaching the first DMABUF", dmabuf_attach(buffer, first), 0);
	check_error("enqueueing it", dmabuf_enqueue(buffer, first, BYTES, 0), 0);
	check_error("attaching the second DMABUF", dmabuf_attach(buffer, second), 0);
	check_error("enabling the buffer", device_enable(&device, true), 0);

	check_error("waiting for the first DMABUF", dmabuf_wait(first, POLLIN, 2000), 0);
	check_equal("the number of blocks", device_get(&device, "completed_blocks"), 1);

	return EXIT_SUCCESS;
}
