/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_SYSFS_H
#define IIO_BENCH_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYSFS_VALUE_MAX 256

/**
 * sysfs_read() - read a one-line attribute, without its newline
 * @value:	at least SYSFS_VALUE_MAX bytes
 * @format:	path of the attribute
 *
 * Return: 0 or -errno; nothing is recorded with fail().
 */
int sysfs_read(char *value, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** sysfs_read_number() - like sysfs_read() for a number; -EINVAL if it is none */
int sysfs_read_number(double *number, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** sysfs_write() - write an attribute; returns 0 or -errno */
int sysfs_write(const char *value, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** sysfs_exists() - is there such an attribute or directory? */
bool sysfs_exists(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
