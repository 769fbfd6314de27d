// SPDX-License-Identifier: MIT
#include "statistic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct statistic statistic_of(const double *values, unsigned int count)
{
	double sorted[STATISTIC_VALUES_MAX];
	struct statistic unknown = { NAN, NAN, NAN };
	unsigned int i;

	if (!count || count > STATISTIC_VALUES_MAX)
		return unknown;
	for (i = 0; i < count; i++) {
		if (isnan(values[i]))
			return unknown;
	}

	memcpy(sorted, values, count * sizeof(*values));
	qsort(sorted, count, sizeof(*sorted), compare);

	return (struct statistic){
		.median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2,
		.min = sorted[0],
		.max = sorted[count - 1],
	};
}
