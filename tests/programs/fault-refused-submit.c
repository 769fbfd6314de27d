// SPDX-License-Identifier: MIT
/*
 * Claim: a DMABUF that the DMA controller did not take can be enqueued again.
 * In Debian's kernel it stays busy for ever.
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
	int buffer, dmabuf;

	test_deadline(20);
	device_create(&device, fields);
	buffer = device_open_buffer(&device);
	check(buffer >= 0, "opening the buffer: %s", strerror(-buffer));
	dmabuf = dmabuf_allocate(BYTES);
	check_error("attaching a DMABUF", dmabuf_attach(buffer, dmabuf), 0);
	check_error("enabling the buffer", device_enable(&device, true), 0);

	device_set(&device, "refuse_submits", "1");
	check_error("enqueueing it", dmabuf_enqueue(buffer, dmabuf, BYTES, 0), 0);
	check_error("waiting for the refusal", dmabuf_wait(dmabuf, POLLIN, 2000), 0);
	check_equal("the number of blocks", device_get(&device, "completed_blocks"), 0);

	check_error("enqueueing it again", dmabuf_enqueue(buffer, dmabuf, BYTES, 0), 0);
	check_error("waiting for it", dmabuf_wait(dmabuf, POLLIN, 2000), 0);
	check_equal("the number of blocks", device_get(&device, "completed_blocks"), 1);

	return EXIT_SUCCESS;
}
