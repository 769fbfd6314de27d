/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_OPTIONS_H
#define IIO_BENCH_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memory.h"

#define OPTIONS_INTERFACES_MAX  16
#define OPTIONS_BLOCK_SIZES_MAX 32

struct interface;

/**
 * struct options - the command line
 * @device:	name or id, NULL for the first that will do
 * @buffer:	index, -1 for the first that will do
 * @channels:	comma separated names, NULL for all
 * @pages:	what blocks are made of, where the interface leaves a choice
 * @verify_device: like @device, for runs that only verify; NULL for the same
 * @bytes:	read so much instead of for @seconds; else 0
 * @rate_hz:	scans per second, NAN to leave it as it is
 * @json:	path, "-" for standard output, NULL for none
 * @cpu:	where to run, -1 for anywhere
 * @progress:	show it
 * @list_interfaces: only tell what there is
 */
struct options {
	const char *device;
	int buffer;
	const char *channels;
	const struct interface *interfaces[OPTIONS_INTERFACES_MAX];
	unsigned int interface_count;
	size_t block_sizes[OPTIONS_BLOCK_SIZES_MAX];
	unsigned int block_size_count;
	unsigned int depth;
	enum memory_pages pages;
	double seconds;
	uint64_t bytes;
	unsigned int rounds;
	bool touch;
	bool verify;
	const char *verify_device;
	double rate_hz;
	const char *json;
	unsigned int timeout_s;
	int cpu;
	bool progress;
	bool list_interfaces;
};

/** options_parse() - read the command line; ends the program on wrong usage (2) and --help (0) */
void options_parse(struct options *options, int argc, char **argv);

#endif
