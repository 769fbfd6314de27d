/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IIO_SIM_ENGINE_H
#define IIO_SIM_ENGINE_H

#include <linux/limits.h>
#include <linux/list.h>
#include <linux/types.h>

/* What a job answers when asked for its next time, besides a time in ns */
#define IIO_SIM_NOW	0
#define IIO_SIM_NEVER	U64_MAX

/**
 * struct iio_sim_job - one thing for the engine to look after
 * @node: in the list of jobs
 * @run: do what is to be done now and return when to be called again,
 *	CLOCK_MONOTONIC in ns: IIO_SIM_NOW at once, IIO_SIM_NEVER only after a
 *	kick. Must not sleep
 */
struct iio_sim_job {
	struct list_head node;
	u64 (*run)(struct iio_sim_job *job);
};

int iio_sim_engine_init(int cpu);
void iio_sim_engine_exit(void);

void iio_sim_engine_add(struct iio_sim_job *job);
void iio_sim_engine_remove(struct iio_sim_job *job);
void iio_sim_engine_kick(void);
void iio_sim_engine_synchronize(void);
void iio_sim_engine_pause(void);
void iio_sim_engine_resume(void);

void iio_sim_engine_charge(u64 busy_ns, u64 callback_ns);
u64 iio_sim_engine_busy_ns(void);
u64 iio_sim_engine_callback_ns(void);

#endif
