// SPDX-License-Identifier: MIT
/*
 * Claim: a converter may be unplugged while several threads read it without
 * waiting; they get ENODEV. Debian's kernel dereferences a NULL pointer when
 * the device disappears between its check for that and its flush of the
 * hardware's FIFO.
 */
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "check.h"
#include "device.h"

#define READERS 6
#define ROUNDS  40
#define BYTES   65536

static void *read_until_unplugged(void *opened)
{
	static _Thread_local char data[BYTES];
	int buffer = *(int *)opened;

	for (;;) {
		if (read(buffer, data, sizeof(data)) >= 0 || errno == EAGAIN)
			continue;
		check_error("read()", -errno, -ENODEV);
		return NULL;
	}
}

static void unplug_while_reading(void)
{
	const char *const fields[] = { NULL };
	pthread_t readers[READERS];
	struct device device;
	int buffer;

	device_create(&device, fields);
	device_set_length(&device, 2 * BYTES / device.scan_bytes);
	buffer = device_open_buffer(&device);
	check(buffer >= 0, "opening the buffer: %s", strerror(-buffer));
	check(!fcntl(buffer, F_SETFL, O_NONBLOCK), "setting O_NONBLOCK: %s", strerror(errno));
	check_error("enabling the buffer", device_enable(&device, true), 0);
	for (int i = 0; i < READERS; i++)
		check(!pthread_create(&readers[i], NULL, read_until_unplugged, &buffer),
		      "no thread");
	usleep(20000);
	device_remove(&device);
	for (int i = 0; i < READERS; i++)
		pthread_join(readers[i], NULL);
	close(buffer);
}

int main(void)
{
	test_deadline(60);
	for (int round = 0; round < ROUNDS; round++)
		unplug_while_reading();
	return EXIT_SUCCESS;
}
