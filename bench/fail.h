/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_FAIL_H
#define IIO_BENCH_FAIL_H

/**
 * fail() - record why something failed, in words for a person
 * @err:	positive errno value
 * @format:	one line: what was asked, what is wrong, what would work
 *
 * Return: -@err, so that the caller can return the call's result.
 */
int fail(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/**
 * failure_reason() - the line recorded by the last fail()
 *
 * Return: a string that stays valid until the next fail().
 */
const char *failure_reason(void);

#endif
