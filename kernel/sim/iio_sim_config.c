// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fields of an instance: defaults, limits, text to value and back, and the
 * list of features. Plain C that knows nothing of devices.
 */

#include <linux/array_size.h>
#include <linux/errno.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/sizes.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/time64.h>

#include "iio_sim_config.h"
#include "iio_sim_fill.h"

static const char *iio_sim_direction_name(u32 direction)
{
	switch (direction) {
	case IIO_SIM_IN:
		return "in";
	case IIO_SIM_OUT:
		return "out";
	default:
		return NULL;
	}
}

static const struct iio_sim_field iio_sim_fields[] = {
#define IIO_SIM_SETTING(_name, _unit, _help, ...) {			\
		.kind = IIO_SIM_FIELD_SETTING,				\
		.name = #_name,						\
		.unit = _unit,						\
		.help = _help,						\
		.offset = offsetof(struct iio_sim_config, _name),	\
		__VA_ARGS__						\
	},
#define IIO_SIM_FAULT(_name, _unit, _help, ...) {			\
		.kind = IIO_SIM_FIELD_FAULT,				\
		.name = #_name,						\
		.unit = _unit,						\
		.help = _help,						\
		.offset = offsetof(struct iio_sim_faults, _name),	\
		__VA_ARGS__						\
	},
#define IIO_SIM_COUNTER(_name, _unit, _help) {				\
		.kind = IIO_SIM_FIELD_COUNTER,				\
		.name = #_name,						\
		.unit = _unit,						\
		.help = _help,						\
		.offset = offsetof(struct iio_sim_counters, _name),	\
	},
#include "iio_sim_fields.h"
};

/**
 * iio_sim_field_find() - look a field up
 * @name: of the field
 *
 * Return: the field, NULL if there is none of that name.
 */
const struct iio_sim_field *iio_sim_field_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(iio_sim_fields); i++) {
		if (!strcmp(iio_sim_fields[i].name, name))
			return &iio_sim_fields[i];
	}

	return NULL;
}

static int iio_sim_field_parse_word(const struct iio_sim_field *field, const char *text,
				    u32 *value)
{
	u32 i;

	for (i = 0; field->word(i); i++) {
		if (sysfs_streq(text, field->word(i))) {
			*value = i;
			return 0;
		}
	}

	return -EINVAL;
}

/**
 * iio_sim_field_parse() - turn what a person wrote into a value
 * @field: for which it was written
 * @text: that was written
 * @value: set on success
 *
 * Return: 0, -ERANGE beyond the field's limits, -EINVAL if the text means
 * nothing to the field.
 */
int iio_sim_field_parse(const struct iio_sim_field *field, const char *text, u32 *value)
{
	u32 number;
	int ret;

	if (field->word)
		return iio_sim_field_parse_word(field, text, value);

	ret = kstrtou32(text, 0, &number);
	if (ret)
		return ret;
	if (number < field->min || number > field->max)
		return -ERANGE;
	if (field->power_of_two && !is_power_of_2(number))
		return -EINVAL;

	*value = number;
	return 0;
}

/**
 * iio_sim_field_print() - turn a value into what a person reads
 * @field: of the value
 * @value: to print
 * @page: to print to
 *
 * Return: characters printed.
 */
int iio_sim_field_print(const struct iio_sim_field *field, u64 value, char *page)
{
	if (field->word)
		return sysfs_emit(page, "%s\n", field->word(value));

	return sysfs_emit(page, "%llu\n", value);
}

/**
 * iio_sim_config_init() - set every setting to its default
 * @config: to fill
 */
void iio_sim_config_init(struct iio_sim_config *config)
{
	const struct iio_sim_field *field;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(iio_sim_fields); i++) {
		field = &iio_sim_fields[i];
		if (field->kind == IIO_SIM_FIELD_SETTING)
			*(u32 *)((void *)config + field->offset) = field->initial;
	}
}

static int iio_sim_field_describe_values(const struct iio_sim_field *field, char *page, int at)
{
	int len = 0;
	u32 i;

	if (field->kind != IIO_SIM_FIELD_SETTING)
		return 0;

	if (field->word) {
		for (i = 0; field->word(i); i++)
			len += sysfs_emit_at(page, at + len, "%s%s", i ? ", " : " (",
					     field->word(i));
		return len + sysfs_emit_at(page, at + len, "; default %s)",
					   field->word(field->initial));
	}

	return sysfs_emit_at(page, at, " (%u to %u%s; default %u)", field->min, field->max,
			     field->power_of_two ? ", a power of two" : "", field->initial);
}

/**
 * iio_sim_features_print() - describe every field of an instance
 * @page: to print to
 *
 * A line is the name of a field, its unit, and what it does.
 *
 * Return: characters printed.
 */
int iio_sim_features_print(char *page)
{
	const struct iio_sim_field *field;
	int len;
	size_t i;

	len = sysfs_emit(page, "power 0|1 whether the converter exists\n"
			       "device name of the IIO device, empty while there is none\n"
			       "loopback_from name the instance, a DAC, that a fill of loopback records\n");
	for (i = 0; i < ARRAY_SIZE(iio_sim_fields); i++) {
		field = &iio_sim_fields[i];
		len += sysfs_emit_at(page, len, "%s %s %s", field->name, field->unit, field->help);
		len += iio_sim_field_describe_values(field, page, len);
		len += sysfs_emit_at(page, len, "\n");
	}

	return len;
}
