/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_SIZE_H
#define IIO_BENCH_SIZE_H

#include <stddef.h>
#include <stdint.h>

#define SIZE_TEXT_MAX 32

/**
 * size_parse() - read a size such as 4096, 64k, 1M or 10G
 * @text:	digits and an optional k, M or G (powers of 1024, either case)
 * @bytes:	receives the size in bytes
 *
 * Return: 0, -EINVAL if @text is not a size or is zero, -ERANGE if it does
 * not fit in 64 bits.
 */
int size_parse(const char *text, uint64_t *bytes);

/**
 * size_format() - write a size the way people read it, such as "64 KiB"
 * @text:	at least SIZE_TEXT_MAX bytes
 * @bytes:	the size; the unit is the largest that divides it
 *
 * Return: @text.
 */
char *size_format(char *text, uint64_t bytes);

#endif
