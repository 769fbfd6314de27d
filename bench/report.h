/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_REPORT_H
#define IIO_BENCH_REPORT_H

#include <stdio.h>

struct environment;
struct matrix;
struct options;

/** report_table() - for people: plain text, 120 columns */
void report_table(FILE *file, const struct matrix *matrix, const struct options *options,
		  const struct environment *environment);

/**
 * report_json() - for programs, as described by iio-bench.schema.json
 *
 * Return: 0 or -errno.
 */
int report_json(FILE *file, const struct matrix *matrix, const struct options *options,
		const struct environment *environment);

#endif
