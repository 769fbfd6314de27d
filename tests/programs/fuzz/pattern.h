/* SPDX-License-Identifier: MIT */
/* What memory has to look like before and after a transfer. */
#ifndef IIO_FUZZ_PATTERN_H
#define IIO_FUZZ_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/** pattern_clear() - what nobody has recorded into */
void pattern_clear(void *data, size_t bytes);

/** pattern_is_clear() - has nobody recorded into it since? */
bool pattern_is_clear(const void *data, size_t bytes);

/** pattern_play() - what the DAC plays, always */
void pattern_play(void *data, size_t bytes);

/** pattern_is_played() - is it what the DAC plays, or silence? */
bool pattern_is_played(const void *data, size_t bytes);

/** pattern_is_counted() - are these samples whose numbers follow each other?
 *
 * Whatever the scan size, and wherever in a scan the first byte is: others
 * change both.
 */
bool pattern_is_counted(const void *data, size_t bytes);

#endif
