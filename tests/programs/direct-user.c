// SPDX-License-Identifier: MIT
/*
 * Claim: an ordinary user who may lock 8 MiB of memory, which is the default,
 * gets READ_FIXED, ATTACH and TRANSFER of what can be registered with that: no
 * transfer, and no attachment, counts it again.
 */
#include <sys/resource.h>
#include <unistd.h>

#include <iio-uring/uapi.h>

#include "check.h"
#include "counter.h"
#include "device.h"
#include "requests.h"

#define LIMIT  ((size_t)8 << 20)
#define MEMORY (LIMIT - (1 << 20)) /* the ring itself counts as well */
#define NOBODY 65534

static void check_transfer(struct requests *requests, const char *what, size_t scan_bytes)
{
	struct counter_check check;

	check_equal(what, requests_wait(requests, 20000), MEMORY);
	counter_check_begin(&check, scan_bytes);
	counter_check_block(&check, requests->memory, MEMORY);
	counter_check_end(&check);
	/* What was converted before it is lost */
	check(!check.faults.duplicated && !check.faults.reordered && !check.faults.corrupt,
	      "%s has wrong samples", what);
}

static void become_ordinary(void)
{
	const struct rlimit limit = { LIMIT, LIMIT };

	check(!setrlimit(RLIMIT_MEMLOCK, &limit), "setting the limit: %s", strerror(errno));
	check(!setresgid(NOBODY, NOBODY, 0), "becoming another group: %s", strerror(errno));
	check(!setresuid(NOBODY, NOBODY, 0), "becoming an ordinary user: %s", strerror(errno));
}

int main(void)
{
	const char *const fields[] = { "rate_hz=0", NULL };
	struct requests requests;
	struct device device;
	uint64_t tag;
	int buffer;

	test_deadline(60);
	device_create(&device, fields);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));
	check_error("enabling the buffer", device_enable(&device, true), 0);

	become_ordinary();
	requests_init(&requests, MEMORY);
	requests_read_fixed(&requests, buffer, 0, MEMORY);
	check_transfer(&requests, "READ_FIXED", device.scan_bytes);

	requests_region(&requests, buffer, IIO_BUFFER_CMD_ATTACH, 0, MEMORY, 0);
	check_error("a new attachment", requests_wait(&requests, 200), -ETIME);
	requests_read_fixed(&requests, buffer, 0, MEMORY);
	check_transfer(&requests, "READ_FIXED with an attachment", device.scan_bytes);
	requests_region(&requests, buffer, IIO_BUFFER_CMD_TRANSFER, 0, MEMORY, 0);
	check_transfer(&requests, "TRANSFER", device.scan_bytes);

	requests_region(&requests, buffer, IIO_BUFFER_CMD_ABORT, 0, 0, 0);
	check_equal("completions after ABORT",
		    requests_wait_tagged(&requests, &tag, 2000) +
			    requests_wait_tagged(&requests, &tag, 2000),
		    -ECANCELED);

	check(!setresuid(0, 0, 0), "becoming root again: %s", strerror(errno));
	return EXIT_SUCCESS;
}
