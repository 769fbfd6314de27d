// SPDX-License-Identifier: MIT
/*
 * Claim: read() with O_NONBLOCK on a buffer with an attached DMABUF fails with
 * EBUSY. Debian's kernel dereferences a NULL pointer.
 */
#include <fcntl.h>
#include <unistd.h>

#include "check.h"
#include "device.h"
#include "dmabuf.h"

#define BYTES 4096

int main(void)
{
	const char *const fields[] = { NULL };
	struct device device;
	char data[BYTES];
	int buffer, ret;

	test_deadline(20);
	device_create(&device, fields);
	device_set_length(&device, 2 * BYTES / device.scan_bytes);
	buffer = device_open_buffer(&device);
	check(buffer >= 0, "opening the buffer: %s", strerror(-buffer));
	check_error("attaching a DMABUF", dmabuf_attach(buffer, dmabuf_allocate(BYTES)), 0);
	check_error("enabling the buffer", device_enable(&device, true), 0);

	check(!fcntl(buffer, F_SETFL, O_NONBLOCK), "setting O_NONBLOCK: %s", strerror(errno));
	ret = read(buffer, data, sizeof(data));
	check_error("read()", ret < 0 ? -errno : ret, -EBUSY);

	return EXIT_SUCCESS;
}
