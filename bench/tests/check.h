/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_CHECK_H
#define IIO_BENCH_CHECK_H

#include <stdio.h>

static unsigned int check_failures;

/* Tells what does not hold, and goes on. */
#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__,          \
				#condition);                                                       \
			check_failures++;                                                          \
		}                                                                                  \
	} while (0)

/* What main() returns. */
static inline int check_result(void)
{
	return check_failures ? 1 : 0;
}

#endif
