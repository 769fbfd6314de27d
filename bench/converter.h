/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_CONVERTER_H
#define IIO_BENCH_CONVERTER_H

#include <stddef.h>

struct setting;

/**
 * struct converter - one buffer of one IIO device
 * @id:			kernel's name, "iio:device0"
 * @name:		driver's name, "adc0"
 * @buffer:		index of the buffer
 * @buffer_directory:	its directory in sysfs
 * @length_align_bytes:	a block's length is a multiple of this
 * @scan_bytes:		bytes of one sample of all enabled channels
 * @settings:		what was changed and is put back by converter_release()
 */
struct converter {
	char id[32];
	char name[64];
	unsigned int buffer;
	char buffer_directory[128];
	size_t length_align_bytes;
	size_t scan_bytes;
	struct setting *settings;
};

/**
 * converter_find() - find a device with an input buffer filled by DMA
 * @converter:	receives it; release with converter_release()
 * @wanted:	name or "iio:deviceN"; NULL for the first that has such a buffer
 * @buffer:	index of the buffer, -1 for the first that will do
 *
 * Return: 0 or -errno, with fail().
 */
int converter_find(struct converter *converter, const char *wanted, int buffer);

/**
 * converter_open() - open the buffer for this process alone
 *
 * Return: file descriptor or -errno, with fail().
 */
int converter_open(const struct converter *converter);

/**
 * converter_change() - set an attribute until converter_release() puts it back
 * @path:	full path in sysfs
 *
 * Return: 0 or -errno, with fail().
 */
int converter_change(struct converter *converter, const char *path, const char *value);

/**
 * converter_set_channels() - choose the channels and learn the scan size
 * @channels:	comma separated names such as "voltage0,voltage1"; NULL for all
 *
 * Return: 0 or -errno, with fail().
 */
int converter_set_channels(struct converter *converter, const char *channels);

/** converter_set_rate() - set scans per second; returns 0 or -errno, with fail() */
int converter_set_rate(struct converter *converter, double rate_hz);

/** converter_rate() - scans per second, NAN if the device does not tell */
double converter_rate(const struct converter *converter);

/** converter_set_length() - set the buffer's length; returns 0 or -errno, with fail() */
int converter_set_length(struct converter *converter, size_t scans);

/** converter_enable() - start converting; returns 0 or -errno, with fail() */
int converter_enable(struct converter *converter);

/** converter_disable() - stop; not an error if it is stopped or gone */
void converter_disable(struct converter *converter);

/** converter_release() - put changed settings back and free */
void converter_release(struct converter *converter);

#endif
