// SPDX-License-Identifier: MIT
/*
 * Claim: enqueueing an output DMABUF that is queued already is refused, and the
 * fence of the first time stays until it is signalled. In Debian's kernel the
 * second one frees it.
 */
#include <poll.h>
#include <unistd.h>

#include "check.h"
#include "device.h"
#include "dmabuf.h"

#define BYTES 4096

int main(void)
{
	const char *const fields[] = { "direction=out", "rate_hz=1000000", NULL };
	struct device device;
	int buffer, dmabuf;

	test_deadline(20);
	device_create(&device, fields);
	buffer = device_open_buffer(&device);
	check(buffer >= 0, "opening the buffer: %s", strerror(-buffer));
	dmabuf = dmabuf_allocate(BYTES);
	check_error("attaching a DMABUF", dmabuf_attach(buffer, dmabuf), 0);

	check_error("enqueueing it", dmabuf_enqueue(buffer, dmabuf, BYTES, 0), 0);
	check_error("enqueueing it again", dmabuf_enqueue(buffer, dmabuf, BYTES, 0), -EPERM);
	/* A fence that is freed is freed after a grace period */
	usleep(200000);
	check_error("the first one", dmabuf_wait(dmabuf, POLLOUT, 0), -ETIMEDOUT);
	check_error("enabling the buffer", device_enable(&device, true), 0);
	check_error("waiting for it", dmabuf_wait(dmabuf, POLLOUT, 2000), 0);

	check_error("enqueueing it once more", dmabuf_enqueue(buffer, dmabuf, BYTES, 0), 0);
	check_error("waiting for it again", dmabuf_wait(dmabuf, POLLOUT, 2000), 0);

	return EXIT_SUCCESS;
}
