// SPDX-License-Identifier: MIT
#include "device.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "iio-uring/uapi.h"
#include "sysfs.h"

#define SIMULATOR "/sys/kernel/config/iio_sim"
#define IIO       "/sys/bus/iio/devices"
#define DRIVER    "/sys/bus/platform/drivers/iio_sim"

/* A DAC and the ADC that records it */
#define DEVICES_MAX 2

static struct device created[DEVICES_MAX];
static pid_t creator;

/* Not when a child exits */
static void remove_created(void)
{
	size_t i;

	for (i = 0; creator == getpid() && i < DEVICES_MAX; i++) {
		if (created[i].name[0])
			device_remove(&created[i]);
	}
}

static void remember_created(const struct device *device)
{
	size_t i = 0;

	while (i < DEVICES_MAX && created[i].name[0])
		i++;
	check(i < DEVICES_MAX, "a test makes no more than %d converters", DEVICES_MAX);
	created[i] = *device;

	if (creator != getpid())
		atexit(remove_created);
	creator = getpid();
}

static void forget_created(const struct device *device)
{
	size_t i;

	for (i = 0; i < DEVICES_MAX; i++) {
		if (!strcmp(created[i].name, device->name))
			created[i].name[0] = '\0';
	}
}

static void enable_channels(struct device *device, unsigned int channels)
{
	const char *direction =
		sysfs_exists(IIO "/%s/buffer0/out_voltage0_en", device->id) ? "out" : "in";
	unsigned int channel;

	for (channel = 0; channel < channels; channel++) {
		int ret = sysfs_write("1", IIO "/%s/buffer0/%s_voltage%u_en", device->id, direction,
				      channel);

		check_error("enabling a channel", ret, 0);
	}
}

void device_create(struct device *device, const char *const *fields)
{
	static unsigned int number;
	char path[128];

	snprintf(device->name, sizeof(device->name), "test-%d-%u", getpid(), number++);
	snprintf(path, sizeof(path), SIMULATOR "/%s", device->name);
	if (mkdir(path, 0755)) {
		check(errno != ENOENT, "the simulator is not loaded");
		check(false, "making %s: %s", path, strerror(errno));
	}

	remember_created(device);

	for (; *fields; fields++) {
		const char *equals = strchr(*fields, '=');
		char field[64];

		check(equals, "'%s' is not field=value", *fields);
		snprintf(field, sizeof(field), "%.*s", (int)(equals - *fields), *fields);
		device_set(device, field, equals + 1);
	}
	device_set(device, "power", "1");

	check_error("reading the device's name",
		    sysfs_read(path, SIMULATOR "/%s/device", device->name), 0);
	snprintf(device->id, sizeof(device->id), "%.31s", path);

	device->scan_bytes =
		device_get(device, "channels") * device_get(device, "storage_bits") / 8;
	enable_channels(device, device_get(device, "channels"));
}

void device_remove(struct device *device)
{
	char path[128];

	snprintf(path, sizeof(path), SIMULATOR "/%s", device->name);
	forget_created(device);
	check(!rmdir(path), "removing %s: %s", path, strerror(errno));
}

void device_unbind(struct device *device)
{
	char link[64], path[PATH_MAX];

	snprintf(link, sizeof(link), IIO "/%s/..", device->id);
	check(realpath(link, path), "following %s: %s", link, strerror(errno));
	check_error("unbinding the driver", sysfs_write(basename(path), DRIVER "/unbind"), 0);
}

void device_set(const struct device *device, const char *field, const char *value)
{
	int ret = sysfs_write(value, SIMULATOR "/%s/%s", device->name, field);

	check(!ret, "setting %s to %s: %s", field, value, strerror(-ret));
}

uint64_t device_get(const struct device *device, const char *field)
{
	double number;
	int ret = sysfs_read_number(&number, SIMULATOR "/%s/%s", device->name, field);

	check(!ret, "reading %s: %s", field, strerror(-ret));
	return (uint64_t)number;
}

void device_set_length(const struct device *device, size_t scans)
{
	char value[32];

	snprintf(value, sizeof(value), "%zu", scans);
	check_error("setting the buffer's length",
		    sysfs_write(value, IIO "/%s/buffer0/length", device->id), 0);
}

int device_enable(const struct device *device, bool enable)
{
	return sysfs_write(enable ? "1" : "0", IIO "/%s/buffer0/enable", device->id);
}

int device_open(const struct device *device, int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/%s", device->id);
	fd = open(path, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int device_open_buffer(const struct device *device)
{
	int fd = device_open(device, O_RDWR);
	int buffer = 0;

	if (fd < 0)
		return fd;

	if (ioctl(fd, IIO_BUFFER_GET_FD_IOCTL, &buffer))
		buffer = -errno;
	close(fd);

	return buffer;
}

int device_open_direct(const struct device *device)
{
	int fd = device_open_buffer(device);

	if (fd < 0)
		return fd;

	if (fcntl(fd, F_SETFL, O_DIRECT)) {
		int ret = -errno;

		close(fd);
		return ret;
	}

	return fd;
}

unsigned int test_patience(void)
{
	const char *patience = getenv("IIO_VM_PATIENCE");

	return patience ? atoi(patience) : 1;
}

void test_deadline(unsigned int seconds)
{
	alarm(seconds * test_patience());
}
