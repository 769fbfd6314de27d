// SPDX-License-Identifier: MIT
#include "converter.h"
#include "fail.h"
#include "sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEVICES     "/sys/bus/iio/devices"
#define BUFFERS_MAX 16

static int is_device(const struct dirent *entry)
{
	return !fnmatch("iio:device[0-9]*", entry->d_name, 0);
}

static int scan_devices(struct dirent ***entries)
{
	int count = scandir(DEVICES, entries, is_device, versionsort);

	return count < 0 ? 0 : count;
}

static void free_devices(struct dirent **entries, int count)
{
	while (count > 0)
		free(entries[--count]);
	free(entries);
}

static bool is_input(const char *buffer_directory)
{
	struct dirent *entry;
	bool found = false;
	DIR *directory;

	directory = opendir(buffer_directory);
	if (!directory)
		return false;
	while (!found && (entry = readdir(directory)))
		found = !fnmatch("in_*_en", entry->d_name, 0);
	closedir(directory);
	return found;
}

/* Why this buffer will not do, NULL if it does. */
static const char *check_buffer(struct converter *converter, unsigned int buffer)
{
	double align;

	snprintf(converter->buffer_directory, sizeof(converter->buffer_directory),
		 DEVICES "/%s/buffer%u", converter->id, buffer);
	if (!sysfs_exists("%s", converter->buffer_directory))
		return "does not exist";
	if (sysfs_read_number(&align, "%s/length_align_bytes", converter->buffer_directory))
		return "is not filled by DMA";
	if (!is_input(converter->buffer_directory))
		return "is no input buffer";

	converter->buffer = buffer;
	converter->length_align_bytes = align;
	return NULL;
}

static bool find_buffer(struct converter *converter)
{
	unsigned int buffer;

	for (buffer = 0; buffer < BUFFERS_MAX; buffer++) {
		if (!check_buffer(converter, buffer))
			return true;
	}
	return false;
}

static bool find_device(struct converter *converter, const char *wanted, struct dirent **entries,
			int count)
{
	char name[SYSFS_VALUE_MAX];
	int i;

	for (i = 0; i < count; i++) {
		snprintf(converter->id, sizeof(converter->id), "%.31s", entries[i]->d_name);
		if (sysfs_read(name, DEVICES "/%s/name", converter->id))
			strcpy(name, converter->id);
		snprintf(converter->name, sizeof(converter->name), "%.63s", name);
		if (wanted ? !strcmp(wanted, name) || !strcmp(wanted, converter->id)
			   : find_buffer(converter))
			return true;
	}
	return false;
}

/* "adc0 (iio:device0), dac0 (iio:device1)" */
static void list_devices(char *text, size_t size, struct dirent **entries, int count)
{
	char name[SYSFS_VALUE_MAX];
	size_t used = 0;
	int i;

	text[0] = '\0';
	for (i = 0; i < count && used < size; i++) {
		if (sysfs_read(name, DEVICES "/%s/name", entries[i]->d_name))
			strcpy(name, "unnamed");
		used += snprintf(text + used, size - used, "%s%s (%s)", i ? ", " : "", name,
				 entries[i]->d_name);
	}
}

static int no_device(const char *wanted, struct dirent **entries, int count)
{
	char devices[300];

	if (!count)
		return fail(ENODEV,
			    "no IIO device here: load the converter's driver, or run this in the "
			    "simulator's machine with tests/vm");

	list_devices(devices, sizeof(devices), entries, count);
	if (wanted)
		return fail(ENODEV, "no IIO device '%s'; there are: %s", wanted, devices);
	return fail(ENODEV, "no IIO device has an input buffer filled by DMA; there are: %s",
		    devices);
}

int converter_find(struct converter *converter, const char *wanted, int buffer)
{
	struct dirent **entries = NULL;
	const char *refusal;
	int count, ret = 0;

	memset(converter, 0, sizeof(*converter));
	count = scan_devices(&entries);
	if (!find_device(converter, wanted, entries, count))
		ret = no_device(wanted, entries, count);
	free_devices(entries, count);
	if (ret)
		return ret;

	if (buffer >= 0) {
		refusal = check_buffer(converter, buffer);
		if (refusal)
			return fail(ENODEV,
				    "buffer%d of %s %s; leave out --buffer to have one "
				    "chosen",
				    buffer, converter->name, refusal);
	} else if (!find_buffer(converter)) {
		return fail(ENODEV, "%s has no input buffer filled by DMA; choose another --device",
			    converter->name);
	}
	return 0;
}
