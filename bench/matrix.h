/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_MATRIX_H
#define IIO_BENCH_MATRIX_H

#include "measure.h"
#include "options.h"
#include "statistic.h"

/**
 * struct bench_case - one row of the table
 * @direction:	"in"
 * @depth:	blocks queued, as asked for
 * @depth_effective: as the interface has it
 * @unsupported: why this kernel or device lacks the interface, else NULL
 * @failure:	why the case was given up, else NULL
 * @runs:	one per round that was completed
 * @run_count:	number of these
 * @verified_runs: number of runs that were verified
 * @verified_lost_samples: like @runs' lost_samples, of the verified ones
 * @faults:	found in these, all together
 */
struct bench_case {
	const struct interface *interface;
	const char *direction;
	size_t block_bytes;
	unsigned int depth;
	unsigned int depth_effective;
	const char *unsupported;
	char *failure;
	struct run *runs;
	unsigned int run_count;
	unsigned int verified_runs;
	double verified_lost_samples;
	struct counter_faults faults;
};

struct matrix {
	struct bench_case *cases;
	unsigned int count;
};

/** matrix_create() - every interface at every block size; 0 or -errno, with fail() */
int matrix_create(struct matrix *matrix, const struct options *options,
		  struct converter *converter);

/**
 * matrix_run() - all rounds of all cases
 * @measured:	converter of the rounds
 * @verified:	converter of the runs that only verify; may be the same
 *
 * A case that fails is given up, the others go on.
 *
 * Return: 0, or -EINTR with fail() if stopped by a signal.
 */
int matrix_run(struct matrix *matrix, const struct options *options, struct converter *measured,
	       struct converter *verified);

/** matrix_free() - also after an error */
void matrix_free(struct matrix *matrix);

/** case_statistic() - a figure over the rounds */
struct statistic case_statistic(const struct bench_case *bench_case, enum figure figure);

/** case_lost_samples() - over all rounds; NAN if nobody tells */
double case_lost_samples(const struct bench_case *bench_case);

/** case_verified() - was every sample right? */
bool case_verified(const struct bench_case *bench_case);

#endif
