// SPDX-License-Identifier: MIT
/*
 * Claim: O_DIRECT is accepted where a buffer can do direct transfers, with
 * open() and with fcntl(), and refused with EINVAL where it can't.
 */
#include <fcntl.h>
#include <unistd.h>

#include "check.h"
#include "device.h"

static void check_open(const char *direction, int expected)
{
	char field[32];
	const char *const fields[] = { field, NULL };
	struct device device;
	int fd;

	snprintf(field, sizeof(field), "direction=%s", direction);
	device_create(&device, fields);

	fd = device_open(&device, O_RDWR | O_DIRECT);
	check_error("open() with O_DIRECT", fd < 0 ? fd : 0, expected);
	if (fd >= 0)
		close(fd);

	fd = device_open_direct(&device);
	check_error("fcntl() with O_DIRECT", fd < 0 ? fd : 0, expected);
	if (fd >= 0)
		close(fd);

	device_remove(&device);
}

int main(void)
{
	test_deadline(20);
	check_open("in", 0);
	check_open("out", -EINVAL);

	return EXIT_SUCCESS;
}
