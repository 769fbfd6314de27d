// SPDX-License-Identifier: MIT
/*
 * Claim: the fence of a DMABUF that is enqueued on a disabled buffer signals
 * when the buffer is closed, and when the device is removed. In Debian's kernel
 * it never does.
 */
#include <poll.h>
#include <unistd.h>

#include "check.h"
#include "device.h"
#include "dmabuf.h"

#define BYTES 4096

static int enqueue(int buffer)
{
	int dmabuf = dmabuf_allocate(BYTES);

	check_error("attaching a DMABUF", dmabuf_attach(buffer, dmabuf), 0);
	check_error("enqueueing it", dmabuf_enqueue(buffer, dmabuf, BYTES, 0), 0);
	check_error("an untouched DMABUF", dmabuf_wait(dmabuf, POLLIN, 0), -ETIMEDOUT);

	return dmabuf;
}

int main(void)
{
	const char *const fields[] = { NULL };
	struct device device;
	int buffer, dmabuf;

	test_deadline(20);
	device_create(&device, fields);

	buffer = device_open_buffer(&device);
	check(buffer >= 0, "opening the buffer: %s", strerror(-buffer));
	dmabuf = enqueue(buffer);
	close(buffer);
	check_error("the DMABUF after close()", dmabuf_wait(dmabuf, POLLIN, 2000), 0);

	buffer = device_open_buffer(&device);
	check(buffer >= 0, "opening the buffer again: %s", strerror(-buffer));
	dmabuf = enqueue(buffer);
	device_remove(&device);
	check_error("the DMABUF after removal", dmabuf_wait(dmabuf, POLLIN, 2000), 0);
	check_error("enqueueing after removal", dmabuf_enqueue(buffer, dmabuf, BYTES, 0), -ENODEV);

	return EXIT_SUCCESS;
}
