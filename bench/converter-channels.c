// SPDX-License-Identifier: MIT
#include "converter.h"
#include "fail.h"
#include "sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHANNELS_MAX 256

struct channel {
	char name[64];
	unsigned int index;
	size_t storage_bytes;
	bool enabled;
};

struct channels {
	struct channel list[CHANNELS_MAX];
	unsigned int count;
};

static int by_index(const void *a, const void *b)
{
	const struct channel *x = a, *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

/* "le:s12/16X2>>4" means two repetitions of 16 bits of storage */
static size_t parse_storage_bytes(const char *type)
{
	unsigned int bits, repeat = 1;
	const char *storage = strchr(type, '/');

	if (!storage || sscanf(storage, "/%uX%u", &bits, &repeat) < 1)
		return 0;
	return (size_t)bits / 8 * repeat;
}

static int read_channel(const struct converter *converter, const char *file,
			struct channel *channel)
{
	char type[SYSFS_VALUE_MAX];
	double index;
	int ret;

	/* in_NAME_en */
	snprintf(channel->name, sizeof(channel->name), "%.*s", (int)strlen(file) - 6, file + 3);
	ret = sysfs_read_number(&index, "%s/in_%s_index", converter->buffer_directory,
				channel->name);
	if (!ret)
		ret = sysfs_read(type, "%s/in_%s_type", converter->buffer_directory, channel->name);
	if (ret)
		return ret;

	channel->index = index;
	channel->storage_bytes = parse_storage_bytes(type);
	return channel->storage_bytes ? 0 : -EINVAL;
}

static int read_channels(const struct converter *converter, struct channels *channels)
{
	struct dirent *entry;
	DIR *directory;
	int ret = 0;

	channels->count = 0;
	directory = opendir(converter->buffer_directory);
	if (!directory)
		return -errno;
	while (!ret && channels->count < CHANNELS_MAX && (entry = readdir(directory))) {
		if (!fnmatch("in_*_en", entry->d_name, 0))
			ret = read_channel(converter, entry->d_name,
					   &channels->list[channels->count++]);
	}
	closedir(directory);
	qsort(channels->list, channels->count, sizeof(*channels->list), by_index);
	return ret;
}

static int unknown_channel(const struct converter *converter, const struct channels *channels,
			   const char *name)
{
	char known[300];
	size_t used = 0;
	unsigned int i;

	for (i = 0; i < channels->count && used < sizeof(known); i++)
		used += snprintf(known + used, sizeof(known) - used, "%s%s", i ? ", " : "",
				 channels->list[i].name);
	return fail(EINVAL, "%s has no channel '%s'; it has: %s", converter->name, name, known);
}

static int choose_named(const struct converter *converter, struct channels *channels,
			const char *names)
{
	char *copy, *rest, *name;
	unsigned int i;
	int ret = 0;

	copy = rest = strdup(names);
	if (!copy)
		return fail(ENOMEM, "out of memory");
	for (i = 0; i < channels->count; i++)
		channels->list[i].enabled = false;
	while (!ret && (name = strsep(&rest, ","))) {
		for (i = 0; i < channels->count; i++) {
			if (!strcmp(channels->list[i].name, name))
				break;
		}
		if (i < channels->count)
			channels->list[i].enabled = true;
		else
			ret = unknown_channel(converter, channels, name);
	}
	free(copy);
	return ret;
}

static void choose_all(struct channels *channels)
{
	unsigned int i;

	for (i = 0; i < channels->count; i++)
		channels->list[i].enabled = strcmp(channels->list[i].name, "timestamp");
}

static size_t align_up(size_t value, size_t align)
{
	return (value + align - 1) / align * align;
}

/* Each element aligned to its own size, the whole to the largest element. */
static size_t scan_bytes(const struct channels *channels)
{
	size_t bytes = 0, largest = 1;
	unsigned int i;

	for (i = 0; i < channels->count; i++) {
		const struct channel *channel = &channels->list[i];

		if (!channel->enabled)
			continue;
		bytes = align_up(bytes, channel->storage_bytes) + channel->storage_bytes;
		if (channel->storage_bytes > largest)
			largest = channel->storage_bytes;
	}
	return align_up(bytes, largest);
}

int converter_set_channels(struct converter *converter, const char *names)
{
	struct channels channels;
	char path[PATH_MAX];
	unsigned int i;
	int ret;

	ret = read_channels(converter, &channels);
	if (ret)
		return fail(-ret, "cannot read the channels of %s in %s: %s", converter->name,
			    converter->buffer_directory, strerror(-ret));

	choose_all(&channels);
	if (names)
		ret = choose_named(converter, &channels, names);

	for (i = 0; !ret && i < channels.count; i++) {
		snprintf(path, sizeof(path), "%s/in_%s_en", converter->buffer_directory,
			 channels.list[i].name);
		ret = converter_change(converter, path, channels.list[i].enabled ? "1" : "0");
	}
	converter->scan_bytes = scan_bytes(&channels);
	return ret;
}
