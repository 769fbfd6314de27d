// SPDX-License-Identifier: MIT
/*
 * Claim: one interface at a time uses a buffer, and a request of another one
 * gets EBUSY at once; the last close makes the buffer free for any of them.
 */
#include <fcntl.h>
#include <unistd.h>

#include "check.h"
#include "device.h"
#include "dmabuf.h"
#include "requests.h"

#define BYTES 4096

static struct device device;
static struct requests requests;

static int open_enabled(void)
{
	int buffer = device_open_buffer(&device);

	check(buffer >= 0, "opening the buffer: %s", strerror(-buffer));
	check_error("enabling the buffer", device_enable(&device, true), 0);

	return buffer;
}

static void set_flags(int buffer, int flags)
{
	check(!fcntl(buffer, F_SETFL, flags), "changing the file's flags: %s", strerror(errno));
}

static int copy(int buffer)
{
	char data[BYTES];
	ssize_t ret;

	set_flags(buffer, 0);
	ret = read(buffer, data, sizeof(data));

	return ret < 0 ? -errno : ret;
}

static int copy_by_ring(int buffer)
{
	set_flags(buffer, 0);
	requests_read(&requests, buffer, 0, BYTES);
	return requests_wait(&requests, 2000);
}

static int direct(int buffer)
{
	set_flags(buffer, O_DIRECT);
	requests_read_fixed(&requests, buffer, 0, BYTES);
	return requests_wait(&requests, 2000);
}

static int attach(int buffer)
{
	return dmabuf_attach(buffer, dmabuf_allocate(BYTES));
}

static void end(int buffer)
{
	check_error("disabling the buffer", device_enable(&device, false), 0);
	close(buffer);
}

static void test_copying_keeps_others_out(void)
{
	int buffer = open_enabled();

	check_equal("read()", copy(buffer), BYTES);
	check_error("a direct request after read()", direct(buffer), -EBUSY);
	check_error("ATTACH after read()", attach(buffer), -EBUSY);
	check_equal("read() after the others were refused", copy(buffer), BYTES);
	end(buffer);
}

static void test_direct_keeps_others_out(void)
{
	int buffer = open_enabled();

	check_equal("a direct request", direct(buffer), BYTES);
	check_error("read() after a direct request", copy(buffer), -EBUSY);
	check_error("READ after a direct request", copy_by_ring(buffer), -EBUSY);
	check_error("ATTACH after a direct request", attach(buffer), -EBUSY);
	check_error("disabling the buffer", device_enable(&device, false), 0);
	check_error("read() on the disabled buffer", copy(buffer), -EBUSY);
	check_error("enabling the buffer", device_enable(&device, true), 0);
	check_equal("a direct request after the others were refused", direct(buffer), BYTES);
	end(buffer);
}

static void test_dmabuf_keeps_others_out(void)
{
	int buffer = device_open_buffer(&device);

	check_error("ATTACH", attach(buffer), 0);
	check_error("a direct request with an attached DMABUF", direct(buffer), -EBUSY);
	check_error("enabling the buffer", device_enable(&device, true), 0);
	check_error("read() with an attached DMABUF", copy(buffer), -EBUSY);
	check_error("READ with an attached DMABUF", copy_by_ring(buffer), -EBUSY);
	check_error("a direct request while enabled", direct(buffer), -EBUSY);
	end(buffer);
}

/* The buffer stays enabled all the time: closing it is what makes it free */
static void test_last_close_frees_enabled_buffer(void)
{
	int buffer = open_enabled();

	check_equal("a direct request", direct(buffer), BYTES);
	close(buffer);

	buffer = device_open_buffer(&device);
	check_equal("read() after a direct user has closed", copy(buffer), BYTES);
	close(buffer);

	buffer = device_open_buffer(&device);
	check_equal("a direct request after a reader has closed", direct(buffer), BYTES);
	close(buffer);

	buffer = device_open_buffer(&device);
	check_equal("READ after a direct user has closed", copy_by_ring(buffer), BYTES);
	end(buffer);
}

int main(void)
{
	const char *const fields[] = { "rate_hz=0", NULL };

	test_deadline(30);
	device_create(&device, fields);
	device_set_length(&device, 2 * BYTES / device.scan_bytes);
	requests_init(&requests, BYTES);

	test_copying_keeps_others_out();
	test_direct_keeps_others_out();
	test_dmabuf_keeps_others_out();
	test_last_close_frees_enabled_buffer();

	return EXIT_SUCCESS;
}
