/* SPDX-License-Identifier: MIT */
/* What the test programs share: each proves one claim, told at its top. */
#ifndef IIO_TEST_CHECK_H
#define IIO_TEST_CHECK_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEST_SKIPPED 77

/** check() - end the test as failed unless @condition holds, with a reason */
#define check(condition, ...)                                                                      \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                            \
			fprintf(stderr, __VA_ARGS__);                                              \
			fputc('\n', stderr);                                                       \
			exit(EXIT_FAILURE);                                                        \
		}                                                                                  \
	} while (0)

/** check_equal() - end the test as failed unless two numbers are equal */
#define check_equal(what, value, expected)                                                         \
	do {                                                                                       \
		long long value_ = (value), expected_ = (expected);                                \
		check(value_ == expected_, "%s is %lld, expected %lld", what, value_, expected_);  \
	} while (0)

/** check_error() - end the test as failed unless a call's -errno is the expected one */
#define check_error(what, value, expected)                                                         \
	do {                                                                                       \
		int error_ = (value), wanted_ = (expected);                                        \
		check(error_ == wanted_, "%s: %s, expected %s", what,                              \
		      error_ < 0 ? strerror(-error_) : "success",                                  \
		      wanted_ < 0 ? strerror(-wanted_) : "success");                               \
	} while (0)

#endif
