// SPDX-License-Identifier: MIT
/*
 * Claim: what can't be transferred is refused with the error that says why, and
 * a failing transfer says how.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "check.h"
#include "device.h"
#include "requests.h"

#define BYTES 4096

static struct requests requests;

static int read_errno(int fd, void *memory, size_t bytes)
{
	ssize_t ret = read(fd, memory, bytes);

	return ret < 0 ? -errno : ret;
}

static void check_refused(int buffer)
{
	struct iovec iovec = { requests.memory, BYTES };
	char *read_only;

	requests_read_fixed(&requests, buffer, 0, BYTES - 4);
	check_error("a length that is not aligned", requests_wait(&requests, 2000), -EINVAL);
	requests_read_fixed(&requests, buffer, 4, 64);
	check_error("an address that is not aligned", requests_wait(&requests, 2000), -EINVAL);
	requests_read_fixed(&requests, buffer, 0, 0);
	check_equal("no bytes", requests_wait(&requests, 2000), 0);

	read_only = mmap(NULL, BYTES, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(read_only != MAP_FAILED, "mapping memory: %s", strerror(errno));
	check_error("memory that is read-only", read_errno(buffer, read_only, BYTES), -EFAULT);
	munmap(read_only, BYTES);
	check_error("no memory", read_errno(buffer, read_only, BYTES), -EFAULT);

	check_error("a synchronous request that must not wait",
		    preadv2(buffer, &iovec, 1, -1, RWF_NOWAIT) < 0 ? -errno : 0, -EAGAIN);
	check_error("write()", write(buffer, requests.memory, BYTES) < 0 ? -errno : 0, -EPERM);
}

static void check_failing(const struct device *device, int buffer)
{
	device_set(device, "refuse_submits", "1");
	requests_read_fixed(&requests, buffer, 0, BYTES);
	check(requests_wait(&requests, 2000) < 0, "a refused transfer succeeded");

	device_set(device, "fail_transfers", "1");
	requests_read_fixed(&requests, buffer, 0, BYTES);
	check_error("a transfer with a DMA error", requests_wait(&requests, 2000), -EIO);

	device_set(device, "short_transfer_bytes", "1024");
	requests_read_fixed(&requests, buffer, 0, BYTES);
	check_equal("a short transfer", requests_wait(&requests, 2000), BYTES - 1024);

	requests_read_fixed(&requests, buffer, 0, BYTES);
	check_equal("a transfer after all that", requests_wait(&requests, 2000), BYTES);
}

int main(void)
{
	const char *const fields[] = { "rate_hz=0", NULL };
	struct device device;
	int buffer;

	test_deadline(20);
	device_create(&device, fields);
	requests_init(&requests, BYTES);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));
	check_error("enabling the buffer", device_enable(&device, true), 0);

	check_refused(buffer);
	check_failing(&device, buffer);
	check_error("disabling the buffer", device_enable(&device, false), 0);

	return EXIT_SUCCESS;
}
