/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_PROGRESS_H
#define IIO_BENCH_PROGRESS_H

/**
 * progress_show() - one line on standard error, rewritten each time
 * @done:	steps done of @total, all about equally long
 * @format:	what is being done
 */
void progress_show(unsigned int done, unsigned int total, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** progress_clear() - take the line away, if there is one */
void progress_clear(void);

#endif
