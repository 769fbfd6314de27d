// SPDX-License-Identifier: MIT
/*
 * Claim: memory that a direct transfer pins counts as locked memory of an
 * ordinary user while the transfer lasts, and no longer.
 */
#include <sys/resource.h>
#include <unistd.h>

#include "check.h"
#include "device.h"

#define LIMIT  65536
#define NOBODY 65534

int main(void)
{
	const char *const fields[] = { "rate_hz=0", NULL };
	const struct rlimit limit = { LIMIT, LIMIT };
	struct device device;
	int buffer, times;
	char *memory;

	test_deadline(20);
	device_create(&device, fields);
	memory = aligned_alloc(4096, 2 * LIMIT);
	check(memory, "out of memory");
	memset(memory, 0, 2 * LIMIT);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));
	check_error("enabling the buffer", device_enable(&device, true), 0);

	check(!setrlimit(RLIMIT_MEMLOCK, &limit), "setting the limit: %s", strerror(errno));
	check(!seteuid(NOBODY), "becoming an ordinary user: %s", strerror(errno));

	for (times = 0; times < 10; times++) {
		check_error("read() beyond the limit",
			    read(buffer, memory, 2 * LIMIT) < 0 ? -errno : 0, -ENOMEM);
		check_equal("read() within the limit", read(buffer, memory, LIMIT), LIMIT);
	}

	check(!seteuid(0), "becoming root again: %s", strerror(errno));
	check_error("disabling the buffer", device_enable(&device, false), 0);

	return EXIT_SUCCESS;
}
