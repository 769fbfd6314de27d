// SPDX-License-Identifier: MIT
/*
 * Claim: each command that cannot be done completes at once with the error
 * that include/iio-uring/uapi.h says, and leaves nothing behind.
 */
#include <sys/mman.h>
#include <unistd.h>

#include <iio-uring/uapi.h>

#include "check.h"
#include "device.h"
#include "dmabuf.h"
#include "requests.h"

#define MEMORY ((size_t)1 << 20)

static struct requests requests;

static void expect(const char *what, int fd, uint32_t command, struct iio_buffer_region region,
		   uint32_t flags, int expected)
{
	requests_command(&requests, fd, command, &region, sizeof(region), flags);
	check_error(what, requests_wait(&requests, 2000), expected);
}

static void expect_dmabuf(const char *what, int fd, struct iio_dmabuf dmabuf, int expected)
{
	requests_command(&requests, fd, IIO_BUFFER_CMD_DMABUF_ENQUEUE, &dmabuf, sizeof(dmabuf), 0);
	check_error(what, requests_wait(&requests, 2000), expected);
}

static void check_regions(int buffer, uint32_t command)
{
	uint64_t start = (uintptr_t)requests.memory;
	struct iio_buffer_region whole = { start, MEMORY, 0 }, region;

	expect("memory that is not registered", buffer, command, whole, 0, -EINVAL);
	region = (struct iio_buffer_region){ start, MEMORY, 0x80000000 };
	expect("an unknown flag", buffer, command, region, IORING_URING_CMD_FIXED, -EINVAL);
	region = (struct iio_buffer_region){ start, MEMORY + 8, 0 };
	expect("more than is registered", buffer, command, region, IORING_URING_CMD_FIXED, -EFAULT);
	region = (struct iio_buffer_region){ start - 8, 4096, 0 };
	expect("other memory", buffer, command, region, IORING_URING_CMD_FIXED, -EFAULT);
	region = (struct iio_buffer_region){ start + 4, 4096, 0 };
	expect("an odd address", buffer, command, region, IORING_URING_CMD_FIXED, -EINVAL);
	region = (struct iio_buffer_region){ start, 4100, 0 };
	expect("an odd length", buffer, command, region, IORING_URING_CMD_FIXED, -EINVAL);
}

static void check_direct(const struct device *device, int buffer)
{
	struct iio_buffer_region none = { 0 }, region = { (uintptr_t)requests.memory, 4096, 0 };

	check_regions(buffer, IIO_BUFFER_CMD_ATTACH);
	check_regions(buffer, IIO_BUFFER_CMD_TRANSFER);
	expect("a command that does not exist", buffer, 0x12345678, none, 0, -EOPNOTSUPP);
	expect("a guard with an address", buffer, IIO_BUFFER_CMD_ATTACH,
	       (struct iio_buffer_region){ region.addr, 0, 0 }, 0, -EINVAL);
	expect("a transfer of nothing", buffer, IIO_BUFFER_CMD_TRANSFER, none, 0, -EINVAL);
	expect("ABORT with an argument", buffer, IIO_BUFFER_CMD_ABORT, region, 0, -EINVAL);
	expect("ABORT with nothing to do", buffer, IIO_BUFFER_CMD_ABORT, none, 0, 0);
	expect("cyclic input", buffer, IIO_BUFFER_CMD_TRANSFER,
	       (struct iio_buffer_region){ region.addr, 4096, IIO_BUFFER_TRANSFER_CYCLIC },
	       IORING_URING_CMD_FIXED, -EINVAL);

	check_error("enabling the buffer", device_enable(device, true), 0);
	expect("a part of a sample", buffer, IIO_BUFFER_CMD_TRANSFER,
	       (struct iio_buffer_region){ region.addr, 24, 0 }, IORING_URING_CMD_FIXED, -EINVAL);
	check_error("disabling the buffer", device_enable(device, false), 0);
}

static void check_dmabuf(int buffer)
{
	int attached = dmabuf_allocate(65536), other = dmabuf_allocate(65536);

	expect_dmabuf("a file that is no DMABUF", buffer, (struct iio_dmabuf){ 0, 0, 4096 },
		      -EINVAL);
	expect_dmabuf("a closed descriptor", buffer, (struct iio_dmabuf){ 9999, 0, 4096 }, -EBADF);
	check_error("attaching a DMABUF", dmabuf_attach(buffer, attached), 0);
	expect_dmabuf("a DMABUF that is not attached", buffer,
		      (struct iio_dmabuf){ other, 0, 4096 }, -EPERM);
	expect_dmabuf("nothing", buffer, (struct iio_dmabuf){ attached, 0, 0 }, -EINVAL);
	expect_dmabuf("more than there is", buffer, (struct iio_dmabuf){ attached, 0, 65544 },
		      -EINVAL);
	expect_dmabuf("an unknown flag", buffer, (struct iio_dmabuf){ attached, 2, 4096 }, -EINVAL);
	expect_dmabuf("cyclic input", buffer, (struct iio_dmabuf){ attached, 1, 4096 }, -EINVAL);

	requests_region(&requests, buffer, IIO_BUFFER_CMD_TRANSFER, 0, 4096, 0);
	check_error("a transfer beside DMABUFs", requests_wait(&requests, 2000), -EBUSY);

	check_error("queueing a DMABUF", dmabuf_enqueue(buffer, attached, 4096, 0), 0);
	expect_dmabuf("a DMABUF that is queued", buffer, (struct iio_dmabuf){ attached, 0, 4096 },
		      -EBUSY);
	close(attached);
	close(other);
}

static void check_device_file(const struct device *device, int buffer)
{
	int file = device_open(device, O_RDONLY);

	check(file >= 0, "opening the device: %s", strerror(-file));
	requests_region(&requests, file, IIO_BUFFER_CMD_ATTACH, 0, MEMORY, 0);
	check_error("the device's file while the buffer is open", requests_wait(&requests, 2000),
		    -EBUSY);
	close(buffer);
	requests_region(&requests, file, IIO_BUFFER_CMD_ATTACH, 0, MEMORY, 0);
	check_error("an attachment through the device's file", requests_wait(&requests, 200),
		    -ETIME);
	requests_region(&requests, file, IIO_BUFFER_CMD_ABORT, 0, 0, 0);
	check_equal("completions", requests_wait(&requests, 2000) + requests_wait(&requests, 2000),
		    -ECANCELED);
	close(file);
}

int main(void)
{
	/* Samples of 16 bytes, so that alignment alone does not make whole ones */
	const char *const fields[] = { "rate_hz=1000000", "channels=8", NULL };
	struct device device;
	int buffer;

	test_deadline(30);
	requests_init(&requests, MEMORY);
	device_create(&device, fields);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));

	check_direct(&device, buffer);
	close(buffer);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer again: %s", strerror(-buffer));
	check_dmabuf(buffer);
	check_device_file(&device, buffer);

	buffer = device_open_direct(&device);
	device_remove(&device);
	requests_region(&requests, buffer, IIO_BUFFER_CMD_ATTACH, 0, MEMORY, 0);
	check_error("a buffer whose device is gone", requests_wait(&requests, 2000), -ENODEV);

	return EXIT_SUCCESS;
}
