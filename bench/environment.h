/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_ENVIRONMENT_H
#define IIO_BENCH_ENVIRONMENT_H

#include <stddef.h>
#include <sys/utsname.h>

struct converter;

/**
 * struct environment - where figures come from
 * @accelerator: what runs the virtual machine, "none" outside of one
 * @commit:	of this program
 * @verify_device: device of the runs that only verify
 * @rate_hz:	scans per second, 0 for unpaced, NAN if unknown
 * @date:	UTC, as in ISO 8601
 */
struct environment {
	struct utsname kernel;
	const char *accelerator;
	long cpus;
	const char *commit;
	const char *device;
	const char *verify_device;
	size_t scan_bytes;
	double rate_hz;
	char date[32];
};

/** environment_read() - the converters must outlive it */
void environment_read(struct environment *environment, const struct converter *measured,
		      const struct converter *verified);

#endif
