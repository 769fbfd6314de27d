// SPDX-License-Identifier: MIT
#include "converter.h"
#include "fail.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <iio-uring/uapi.h>

#define DEVICES "/sys/bus/iio/devices"

struct setting {
	struct setting *older;
	char value[SYSFS_VALUE_MAX];
	char path[];
};

int converter_change(struct converter *converter, const char *path, const char *value)
{
	struct setting *setting;
	char old[SYSFS_VALUE_MAX];
	int ret;

	ret = sysfs_read(old, "%s", path);
	if (!ret && !strcmp(old, value))
		return 0;
	if (!ret)
		ret = sysfs_write(value, "%s", path);
	if (ret == -EACCES || ret == -EPERM)
		return fail(-ret, "no permission to set %s: run as root", path);
	if (ret)
		return fail(-ret, "cannot set %s to %s: %s", path, value, strerror(-ret));

	for (setting = converter->settings; setting; setting = setting->older) {
		if (!strcmp(setting->path, path))
			return 0;
	}
	setting = malloc(sizeof(*setting) + strlen(path) + 1);
	if (!setting)
		return fail(ENOMEM, "out of memory");
	strcpy(setting->path, path);
	strcpy(setting->value, old);
	setting->older = converter->settings;
	converter->settings = setting;
	return 0;
}

void converter_release(struct converter *converter)
{
	struct setting *setting;

	while ((setting = converter->settings)) {
		converter->settings = setting->older;
		sysfs_write(setting->value, "%s", setting->path);
		free(setting);
	}
}

int converter_open(const struct converter *converter)
{
	char path[64];
	int device_fd, fd = converter->buffer, ret = 0;

	snprintf(path, sizeof(path), "/dev/%s", converter->id);
	device_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (device_fd < 0)
		ret = -errno;
	else if (ioctl(device_fd, IIO_BUFFER_GET_FD_IOCTL, &fd))
		ret = -errno;
	if (device_fd >= 0)
		close(device_fd);

	switch (-ret) {
	case 0:
		return fd;
	case EBUSY:
		return fail(EBUSY,
			    "buffer%u of %s is in use by another process; end it or choose "
			    "--buffer or --device",
			    converter->buffer, converter->name);
	case EACCES:
	case EPERM:
		return fail(-ret, "no permission to open %s: run as root or change its mode", path);
	case ENOENT:
	case ENODEV:
	case ENXIO:
		return fail(ENODEV, "%s (%s) is gone: it was removed or its driver unloaded",
			    converter->name, path);
	default:
		return fail(-ret, "cannot open buffer%u of %s: %s", converter->buffer,
			    converter->name, strerror(-ret));
	}
}

int converter_set_rate(struct converter *converter, double rate_hz)
{
	char path[PATH_MAX], value[32];

	snprintf(path, sizeof(path), DEVICES "/%s/sampling_frequency", converter->id);
	if (!sysfs_exists("%s", path))
		return fail(EOPNOTSUPP, "%s has no sampling_frequency to set: leave out --rate",
			    converter->name);
	snprintf(value, sizeof(value), "%.15g", rate_hz);
	return converter_change(converter, path, value);
}

double converter_rate(const struct converter *converter)
{
	double rate_hz;

	if (sysfs_read_number(&rate_hz, DEVICES "/%s/sampling_frequency", converter->id))
		return NAN;
	return rate_hz;
}

int converter_set_length(struct converter *converter, size_t scans)
{
	char path[PATH_MAX], value[32];

	snprintf(path, sizeof(path), "%s/length", converter->buffer_directory);
	snprintf(value, sizeof(value), "%zu", scans);
	return converter_change(converter, path, value);
}

int converter_enable(struct converter *converter)
{
	int ret;

	ret = sysfs_write("1", "%s/enable", converter->buffer_directory);
	if (ret == -ENOMEM)
		return fail(ENOMEM,
			    "cannot enable buffer%u of %s: not enough contiguous memory for its "
			    "blocks; choose a smaller --block-size",
			    converter->buffer, converter->name);
	if (ret)
		return fail(-ret, "cannot enable buffer%u of %s: %s", converter->buffer,
			    converter->name, strerror(-ret));
	return 0;
}

void converter_disable(struct converter *converter)
{
	sysfs_write("0", "%s/enable", converter->buffer_directory);
}
