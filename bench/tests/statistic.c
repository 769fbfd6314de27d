// SPDX-License-Identifier: MIT
/* Median, minimum and maximum are right for any number of values in any order. */
#include "statistic.h"
#include "check.h"

#include <math.h>
#include <string.h>

static void check_statistic(const double *values, unsigned int count, double median, double min,
			    double max)
{
	struct statistic statistic = statistic_of(values, count);

	CHECK(statistic.median == median);
	CHECK(statistic.min == min);
	CHECK(statistic.max == max);
}

static void check_unknown(const double *values, unsigned int count)
{
	struct statistic statistic = statistic_of(values, count);

	CHECK(isnan(statistic.median));
	CHECK(isnan(statistic.min));
	CHECK(isnan(statistic.max));
}

int main(void)
{
	double odd[] = { 5, 1, 4, 2, 100 }, odd_before[5];
	double even[] = { 4, 1, 3, 2 };
	double equal[] = { 7, 7, 7 };
	double negative[] = { -3, -1, -2 };
	double unknown[] = { 1, NAN, 3 };
	double many[STATISTIC_VALUES_MAX + 1];
	unsigned int i;

	memcpy(odd_before, odd, sizeof(odd));
	check_statistic(odd, 5, 4, 1, 100);
	CHECK(!memcmp(odd_before, odd, sizeof(odd)));
	check_statistic(odd, 1, 5, 5, 5);
	check_statistic(odd, 2, 3, 1, 5);
	check_statistic(even, 4, 2.5, 1, 4);
	check_statistic(equal, 3, 7, 7, 7);
	check_statistic(negative, 3, -2, -3, -1);

	check_unknown(odd, 0);
	check_unknown(unknown, 3);
	check_statistic(unknown, 1, 1, 1, 1);

	for (i = 0; i <= STATISTIC_VALUES_MAX; i++)
		many[i] = STATISTIC_VALUES_MAX - i;
	check_statistic(many, STATISTIC_VALUES_MAX, (1.0 + STATISTIC_VALUES_MAX) / 2, 1,
			STATISTIC_VALUES_MAX);
	check_unknown(many, STATISTIC_VALUES_MAX + 1);

	return check_result();
}
