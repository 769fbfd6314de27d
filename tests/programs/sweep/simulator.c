// SPDX-License-Identifier: MIT
/* The paths of making a simulated converter. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "sweep.h"
#include "sysfs.h"

#define SIMULATOR "/sys/kernel/config/iio_sim"

static void set_up_make(struct sweep *sweep)
{
	snprintf(sweep->directory, sizeof(sweep->directory), SIMULATOR "/sweep-%d", getpid());
}

static int attempt_make(struct sweep *sweep)
{
	return mkdir(sweep->directory, 0755) ? -errno : 0;
}

static void use_directory(struct sweep *sweep, int ret)
{
	if (ret < 0)
		check_error("making a converter afterwards", attempt_make(sweep), 0);
	check(sysfs_exists("%s/power", sweep->directory), "the converter has no power");
}

static void tear_down_make(struct sweep *sweep)
{
	check(!rmdir(sweep->directory), "removing the converter: %s", strerror(errno));
}

static void set_up_power(struct sweep *sweep)
{
	char path[160];

	set_up_make(sweep);
	check_error("making a converter", attempt_make(sweep), 0);
	snprintf(path, sizeof(path), "%s/power", sweep->directory);
	sweep->attribute = open(path, O_WRONLY | O_CLOEXEC);
	check(sweep->attribute >= 0, "opening %s: %s", path, strerror(errno));
}

static int attempt_power(struct sweep *sweep)
{
	return write(sweep->attribute, "1", 1) < 0 ? -errno : 0;
}

static void use_power(struct sweep *sweep, int ret)
{
	char device[SYSFS_VALUE_MAX];
	double power;

	check_error("reading whether it is on",
		    sysfs_read_number(&power, "%s/power", sweep->directory), 0);
	check_equal("whether it is on", power, ret >= 0);

	if (ret < 0)
		check_error("switching it on afterwards",
			    sysfs_write("1", "%s/power", sweep->directory), 0);
	check_error("reading the device's name", sysfs_read(device, "%s/device", sweep->directory),
		    0);
	check(sysfs_exists("/sys/bus/iio/devices/%s/buffer0/enable", device),
	      "the converter '%s' has no buffer", device);
}

static void tear_down_power(struct sweep *sweep)
{
	close(sweep->attribute);
	tear_down_make(sweep);
}

const struct path sweep_simulator_paths[] = {
	{ .name = "make",
	  .set_up = set_up_make,
	  .attempt = attempt_make,
	  .use = use_directory,
	  .tear_down = tear_down_make },
	{ .name = "power",
	  .set_up = set_up_power,
	  .attempt = attempt_power,
	  .use = use_power,
	  .tear_down = tear_down_power,
	  /* The hundreds that the IIO core and the driver core make are theirs */
	  .module = "[iio_sim]",
	  /* The driver core's, for a device without a name or without its driver */
	  .other_errors = { EINVAL, ENODEV } },
	{ .name = NULL },
};
