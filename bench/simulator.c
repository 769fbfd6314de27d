// SPDX-License-Identifier: MIT
#include "simulator.h"
#include "converter.h"
#include "sysfs.h"

#include <math.h>
#include <string.h>

#define SIMULATOR "/sys/kernel/config/iio_sim"

bool simulator_drives(const struct converter *converter)
{
	return sysfs_exists(SIMULATOR "/%s", converter->name);
}

bool simulator_fills_counter(const struct converter *converter)
{
	char fill[SYSFS_VALUE_MAX];

	return !sysfs_read(fill, SIMULATOR "/%s/fill", converter->name) && !strcmp(fill, "counter");
}

double simulator_lost_samples(const struct converter *converter)
{
	double lost;

	return sysfs_read_number(&lost, SIMULATOR "/%s/lost_samples", converter->name) ? NAN : lost;
}

static double engine_figure(const struct converter *converter, const char *name)
{
	double ns;

	if (!simulator_drives(converter))
		return NAN;
	return sysfs_read_number(&ns, SIMULATOR "/%s", name) ? NAN : ns;
}

double simulator_engine_ns(const struct converter *converter)
{
	return engine_figure(converter, "engine_busy_ns");
}

double simulator_callback_ns(const struct converter *converter)
{
	return engine_figure(converter, "callback_ns");
}
