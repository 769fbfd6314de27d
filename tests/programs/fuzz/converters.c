// SPDX-License-Identifier: MIT
#include "converters.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "iio-uring/uapi.h"
#include "sysfs.h"

#define SIMULATOR "/sys/kernel/config/iio_sim"
#define IIO       "/sys/bus/iio/devices"
#define PLATFORM  "/sys/bus/platform"

#define RATE "rate_hz=1000000"

const struct converter converters[CONVERTERS] = {
	{ .name = "fuzz-adc", .is_counting = true, .fields = (const char *const[]){ RATE, NULL } },
	{ .name = "fuzz-dac",
	  .is_output = true,
	  .fields = (const char *const[]){ RATE, "direction=out", NULL } },
	{ .name = "fuzz-recorder",
	  .fields =
		  (const char *const[]){ RATE, "fill=loopback", "loopback_from=fuzz-dac", NULL } },
};

static const char *const harmless[][2] = {
	{ "stall", "0" },
	{ "refuse_submits", "0" },
	{ "fail_transfers", "0" },
	{ "short_transfer_bytes", "0" },
	{ "completion_delay_us", "0" },
};

int converter_set(const struct converter *converter, const char *field, const char *value)
{
	return sysfs_write(value, SIMULATOR "/%s/%s", converter->name, field);
}

int converter_create(const struct converter *converter)
{
	char path[64];

	snprintf(path, sizeof(path), SIMULATOR "/%s", converter->name);
	if (mkdir(path, 0755))
		return -errno;

	for (const char *const *each = converter->fields; *each; each++) {
		char field[64];

		snprintf(field, sizeof(field), "%.*s", (int)strcspn(*each, "="), *each);
		converter_set(converter, field, strchr(*each, '=') + 1);
	}
	return converter_set(converter, "power", "1");
}

int converter_remove(const struct converter *converter)
{
	char path[64];

	snprintf(path, sizeof(path), SIMULATOR "/%s", converter->name);
	return rmdir(path) ? -errno : 0;
}

int converter_id(const struct converter *converter, char *id, size_t size)
{
	char value[SYSFS_VALUE_MAX];

	if (sysfs_read(value, SIMULATOR "/%s/device", converter->name) || !value[0])
		return -ENODEV;
	snprintf(id, size, "%.31s", value);
	return 0;
}

int converter_write(const struct converter *converter, const char *attribute, const char *value)
{
	char id[32];
	int ret = converter_id(converter, id, sizeof(id));

	return ret ? ret : sysfs_write(value, IIO "/%s/buffer0/%s", id, attribute);
}

int converter_enable_channel(const struct converter *converter, unsigned int channel, bool enable)
{
	char attribute[32];

	snprintf(attribute, sizeof(attribute), "%s_voltage%u_en",
		 converter->is_output ? "out" : "in", channel);
	return converter_write(converter, attribute, enable ? "1" : "0");
}

int converter_unbind(const struct converter *converter)
{
	char id[32], link[64], path[PATH_MAX];
	int ret = converter_id(converter, id, sizeof(id));

	if (ret)
		return ret;
	snprintf(link, sizeof(link), IIO "/%s/..", id);
	if (!realpath(link, path))
		return -errno;
	return sysfs_write(basename(path), PLATFORM "/drivers/iio_sim/unbind");
}

void converters_bind(void)
{
	glob_t found;

	if (glob(PLATFORM "/devices/iio_sim.*", 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		sysfs_write(basename(found.gl_pathv[i]), PLATFORM "/drivers/iio_sim/bind");
	globfree(&found);
}

int converter_open(const struct converter *converter, int flags)
{
	char id[32], path[64];
	int ret = converter_id(converter, id, sizeof(id));

	if (ret)
		return ret;
	snprintf(path, sizeof(path), "/dev/%s", id);
	ret = open(path, flags | O_CLOEXEC);
	return ret < 0 ? -errno : ret;
}

int converter_open_buffer(const struct converter *converter, bool direct)
{
	int device = converter_open(converter, O_RDWR), buffer = 0;

	if (device < 0)
		return device;
	if (ioctl(device, IIO_BUFFER_GET_FD_IOCTL, &buffer))
		buffer = -errno;
	close(device);
	if (buffer >= 0 && direct && fcntl(buffer, F_SETFL, O_DIRECT)) {
		int ret = -errno;

		close(buffer);
		return ret;
	}
	return buffer;
}

/* Who made it may have been killed before it was complete */
static void make_complete(const struct converter *converter)
{
	double power;
	int ret;

	if (!sysfs_read_number(&power, SIMULATOR "/%s/power", converter->name) && power)
		return;
	converter_remove(converter);
	ret = converter_create(converter);
	check(!ret, "making %s: %s", converter->name, strerror(-ret));
}

void converter_repair(const struct converter *converter)
{
	make_complete(converter);
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		converter_set(converter, harmless[i][0], harmless[i][1]);
	converters_bind();

	check_error("disabling the buffer", converter_write(converter, "enable", "0"), 0);
	converter_write(converter, "direct_max_requests", "4096");
	converter_write(converter, "direct_max_bytes", "4294967296");
	converter_write(converter, "length", "4096");
	for (unsigned int channel = 0; channel < CHANNELS; channel++)
		check_error("enabling a channel",
			    converter_enable_channel(converter, channel, true), 0);
}
