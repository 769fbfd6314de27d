/* SPDX-License-Identifier: MIT */
/* The simulated converter as the test programs handle it; errors end the test. */
#ifndef IIO_TEST_DEVICE_H
#define IIO_TEST_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct device - a simulated converter, made for one test
 * @name:	its name, in configfs and in IIO
 * @id:		kernel's name, "iio:device1"
 * @scan_bytes:	bytes of one scan, all channels enabled
 */
struct device {
	char name[32];
	char id[32];
	size_t scan_bytes;
};

/**
 * device_create() - make a converter, power it on, and enable its channels
 * @fields:	"field=value" strings as in configfs, ended by NULL
 *
 * It disappears with device_remove(), or when the test ends.
 */
void device_create(struct device *device, const char *const *fields);

/** device_remove() - unplug it, in whatever state it is */
void device_remove(struct device *device);

/** device_unbind() - unbind its driver; removing it is all that can be done afterwards */
void device_unbind(struct device *device);

/** device_set() - write a field of the simulator */
void device_set(const struct device *device, const char *field, const char *value);

/** device_get() - read a number from a field of the simulator */
uint64_t device_get(const struct device *device, const char *field);

/** device_set_length() - set the buffer's length in scans */
void device_set_length(const struct device *device, size_t scans);

/** device_enable() - enable or disable the buffer; returns 0 or -errno */
int device_enable(const struct device *device, bool enable);

/** device_open() - open /dev/iio:deviceN; returns the descriptor or -errno */
int device_open(const struct device *device, int flags);

/** device_open_buffer() - open the buffer's own descriptor; returns it or -errno */
int device_open_buffer(const struct device *device);

/** device_open_direct() - open the buffer's own descriptor, with O_DIRECT */
int device_open_direct(const struct device *device);

/**
 * test_patience() - how many times as long as usual things may take
 *
 * Return: 1, more in a machine whose kernel is slow because it checks a lot
 */
unsigned int test_patience(void);

/** test_deadline() - a test that hangs is a test that fails */
void test_deadline(unsigned int seconds);

#endif
