// SPDX-License-Identifier: MIT
/*
 * Claim: TRANSFER and DMABUF_ENQUEUE complete with the number of bytes that
 * came, short transfers and errors included, and ABORT ends both with
 * ECANCELED, also before the buffer is enabled.
 */
#include <unistd.h>

#include <iio-uring/uapi.h>

#include "check.h"
#include "device.h"
#include "dmabuf.h"
#include "requests.h"

#define BLOCKS 4
#define BYTES  65536

static struct requests requests;
static int dmabufs[BLOCKS];

static void submit(int buffer, uint32_t command, unsigned int block)
{
	struct iio_dmabuf dmabuf = { .fd = dmabufs[block], .bytes_used = BYTES };

	if (command == IIO_BUFFER_CMD_TRANSFER)
		requests_region(&requests, buffer, command, block * BYTES, BYTES, 0);
	else
		requests_command(&requests, buffer, command, &dmabuf, sizeof(dmabuf), 0);
}

static void check_abort(int buffer, uint32_t command)
{
	uint64_t tag;

	for (int block = 0; block < BLOCKS; block++)
		submit(buffer, command, block);
	check_error("a transfer that cannot end", requests_wait(&requests, 200), -ETIME);
	requests_region(&requests, buffer, IIO_BUFFER_CMD_ABORT, 0, 0, 0);
	for (int completion = 0; completion < BLOCKS + 1; completion++) {
		int ret = requests_wait_tagged(&requests, &tag, 2000);

		check_error("a completion after ABORT", ret,
			    tag == IIO_BUFFER_CMD_ABORT ? 0 : -ECANCELED);
	}
}

static void check_command(const struct device *device, uint32_t command)
{
	int buffer = device_open_direct(device);

	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));
	if (command == IIO_BUFFER_CMD_DMABUF_ENQUEUE)
		for (int block = 0; block < BLOCKS; block++)
			check_error("attaching a DMABUF", dmabuf_attach(buffer, dmabufs[block]), 0);

	check_abort(buffer, command);
	submit(buffer, command, 0);
	check_error("enabling the buffer", device_enable(device, true), 0);
	check_equal("a transfer queued before", requests_wait(&requests, 2000), BYTES);
	submit(buffer, command, 0);
	check_equal("a transfer", requests_wait(&requests, 2000), BYTES);
	device_set(device, "short_transfer_bytes", "4096");
	submit(buffer, command, 0);
	check_equal("a short transfer", requests_wait(&requests, 2000), BYTES - 4096);
	device_set(device, "fail_transfers", "1");
	submit(buffer, command, 0);
	check_error("a failed transfer", requests_wait(&requests, 2000), -EIO);
	device_set(device, "stall", "1");
	check_abort(buffer, command);
	device_set(device, "stall", "0");
	submit(buffer, command, 0);
	check_equal("a transfer after ABORT", requests_wait(&requests, 2000), BYTES);

	check_error("disabling the buffer", device_enable(device, false), 0);
	close(buffer);
}

int main(void)
{
	const char *const fields[] = { "rate_hz=1000000", NULL };
	struct device device;

	test_deadline(30);
	for (int block = 0; block < BLOCKS; block++)
		dmabufs[block] = dmabuf_allocate(BYTES);
	requests_init(&requests, BLOCKS * BYTES);
	device_create(&device, fields);
	check_command(&device, IIO_BUFFER_CMD_TRANSFER);
	check_command(&device, IIO_BUFFER_CMD_DMABUF_ENQUEUE);
	check_command(&device, IIO_BUFFER_CMD_TRANSFER);

	return EXIT_SUCCESS;
}
