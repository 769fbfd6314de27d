/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_SIMULATOR_H
#define IIO_BENCH_SIMULATOR_H

#include <stdbool.h>

struct converter;

/* What only the simulated converter can tell. On hardware: false and NAN. */

/** simulator_drives() - is this converter simulated? */
bool simulator_drives(const struct converter *converter);

/** simulator_fills_counter() - does each sample carry its sequence number? */
bool simulator_fills_counter(const struct converter *converter);

/** simulator_lost_samples() - samples lost since the buffer was enabled */
double simulator_lost_samples(const struct converter *converter);

/** simulator_engine_ns() - CPU time the simulated hardware itself has cost */
double simulator_engine_ns(const struct converter *converter);

/** simulator_callback_ns() - CPU time of completions; hardware has it in interrupts */
double simulator_callback_ns(const struct converter *converter);

#endif
