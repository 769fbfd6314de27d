/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_STATISTIC_H
#define IIO_BENCH_STATISTIC_H

/**
 * struct statistic - one figure over several rounds
 * @median:	middle value, mean of the two middle ones for an even number
 * @min:	smallest value
 * @max:	largest value
 *
 * All three are NAN if any of the values was, or if there were none.
 */
struct statistic {
	double median;
	double min;
	double max;
};

/**
 * statistic_of() - median and spread
 * @values:	one value per round, in any order; not changed
 * @count:	number of values, at most STATISTIC_VALUES_MAX
 */
struct statistic statistic_of(const double *values, unsigned int count);

#define STATISTIC_VALUES_MAX 1000

#endif
