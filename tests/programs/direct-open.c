// SPDX-License-Identifier: MIT
/*
 * Claim: buffers of either direction accept O_DIRECT, with open() and with
 * fcntl(). (That others refuse it is a part of kfifo-copy.)
 */
#include <fcntl.h>
#include <unistd.h>

#include "check.h"
#include "device.h"

static void check_open(const char *direction)
{
	char field[32];
	const char *const fields[] = { field, NULL };
	struct device device;
	int fd;

	snprintf(field, sizeof(field), "direction=%s", direction);
	device_create(&device, fields);

	fd = device_open(&device, O_RDWR | O_DIRECT);
	check_error("open() with O_DIRECT", fd < 0 ? fd : 0, 0);
	close(fd);

	fd = device_open_direct(&device);
	check_error("fcntl() with O_DIRECT", fd < 0 ? fd : 0, 0);
	close(fd);

	device_remove(&device);
}

int main(void)
{
	test_deadline(20);
	check_open("in");
	check_open("out");

	return EXIT_SUCCESS;
}
