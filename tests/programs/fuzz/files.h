/* SPDX-License-Identifier: MIT */
/* The descriptors that a worker has of the converters. */
#ifndef IIO_FUZZ_FILES_H
#define IIO_FUZZ_FILES_H

#include "worker.h"

/** file_converter() - the index of some converter */
unsigned int file_converter(struct random *random);

/** file_get() - a descriptor for requests to a converter, -1 if it can't be had now */
int file_get(struct worker *worker, struct random *random, unsigned int converter);

/** file_get_buffer() - the same, but not that of /dev/iio:deviceN */
int file_get_buffer(struct worker *worker, struct random *random, unsigned int converter);

/** file_is_direct() - has it been opened with O_DIRECT? */
bool file_is_direct(int fd);

#endif
