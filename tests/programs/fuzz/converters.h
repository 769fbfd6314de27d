/* SPDX-License-Identifier: MIT */
/* The converters that all workers use at once: they come, go and fail at any time. */
#ifndef IIO_FUZZ_CONVERTERS_H
#define IIO_FUZZ_CONVERTERS_H

#include <stdbool.h>
#include <stddef.h>

/* An ADC, a DAC, and the ADC that records what the DAC plays */
#define CONVERTERS 3
#define CHANNELS   4

/** struct converter - what stays the same whenever it is made again */
struct converter {
	const char *name;
	bool is_output;
	bool is_counting;
	const char *const *fields;
};

extern const struct converter converters[CONVERTERS];

/** converter_create() - make it; returns 0 or -errno, -EEXIST if it is there */
int converter_create(const struct converter *converter);

/** converter_remove() - unplug it, in whatever state it is; returns 0 or -errno */
int converter_remove(const struct converter *converter);

/** converter_id() - kernel's name, "iio:device1"; returns 0, -ENODEV if it is not there */
int converter_id(const struct converter *converter, char *id, size_t size);

/** converter_set() - write a field of the simulator; returns 0 or -errno */
int converter_set(const struct converter *converter, const char *field, const char *value);

/** converter_write() - write an attribute of its buffer; returns 0 or -errno */
int converter_write(const struct converter *converter, const char *attribute, const char *value);

/** converter_enable_channel() - add a channel to the scan, or take it away; returns 0 or -errno */
int converter_enable_channel(const struct converter *converter, unsigned int channel, bool enable);

/** converter_unbind() - unbind its driver; returns 0 or -errno */
int converter_unbind(const struct converter *converter);

/** converters_bind() - bind the driver of all that have none */
void converters_bind(void);

/** converter_open() - open /dev/iio:deviceN; returns the descriptor or -errno */
int converter_open(const struct converter *converter, int flags);

/** converter_open_buffer() - open the buffer's own descriptor; returns it or -errno */
int converter_open_buffer(const struct converter *converter, bool direct);

/** converter_repair() - back to what a worker expects at first, without any fault */
void converter_repair(const struct converter *converter);

#endif
