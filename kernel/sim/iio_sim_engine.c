// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine: one thread on a CPU of its own plays the hardware of all
 * instances. It runs its jobs one after another, and sleeps until the earliest
 * time that one of them asked for.
 */

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "iio_sim_engine.h"

static struct task_struct *iio_sim_engine_task;

/* Held while jobs run: who holds it knows that the engine touches nothing */
static DEFINE_MUTEX(iio_sim_engine_lock);
static LIST_HEAD(iio_sim_engine_jobs);

static atomic_t iio_sim_engine_kicked;

/* Written by the engine's thread only */
static u64 iio_sim_engine_busy;
static u64 iio_sim_engine_callback;

static u64 iio_sim_engine_run_jobs(void)
{
	u64 next = IIO_SIM_NEVER;
	struct iio_sim_job *job;

	mutex_lock(&iio_sim_engine_lock);
	list_for_each_entry(job, &iio_sim_engine_jobs, node)
		next = min(next, job->run(job));
	mutex_unlock(&iio_sim_engine_lock);

	return next;
}

static void iio_sim_engine_sleep(u64 until_ns)
{
	ktime_t until = ns_to_ktime(until_ns);

	set_current_state(TASK_IDLE);
	if (atomic_xchg(&iio_sim_engine_kicked, 0) || kthread_should_stop())
		__set_current_state(TASK_RUNNING);
	else
		schedule_hrtimeout(until_ns == IIO_SIM_NEVER ? NULL : &until, HRTIMER_MODE_ABS);
}

static int iio_sim_engine_main(void *unused)
{
	u64 next;

	while (!kthread_should_stop()) {
		next = iio_sim_engine_run_jobs();
		if (next == IIO_SIM_NOW)
			cond_resched_tasks_rcu_qs();
		else
			iio_sim_engine_sleep(next);
	}

	return 0;
}

/**
 * iio_sim_engine_init() - start the engine
 * @cpu: on which it runs
 *
 * Return: 0 or a negative error code.
 */
int iio_sim_engine_init(int cpu)
{
	struct task_struct *task;

	task = kthread_create(iio_sim_engine_main, NULL, "iio_sim_engine");
	if (IS_ERR(task))
		return PTR_ERR(task);

	kthread_bind(task, cpu);
	iio_sim_engine_task = task;
	wake_up_process(task);

	return 0;
}

void iio_sim_engine_exit(void)
{
	kthread_stop(iio_sim_engine_task);
}

/**
 * iio_sim_engine_add() - have a job run from now on
 * @job: to run
 */
void iio_sim_engine_add(struct iio_sim_job *job)
{
	mutex_lock(&iio_sim_engine_lock);
	list_add_tail(&job->node, &iio_sim_engine_jobs);
	mutex_unlock(&iio_sim_engine_lock);

	iio_sim_engine_kick();
}

/**
 * iio_sim_engine_remove() - have a job not run any more
 * @job: to end; it does not run when this returns
 */
void iio_sim_engine_remove(struct iio_sim_job *job)
{
	mutex_lock(&iio_sim_engine_lock);
	list_del(&job->node);
	mutex_unlock(&iio_sim_engine_lock);
}

/**
 * iio_sim_engine_kick() - run all jobs once more before sleeping
 *
 * To be called after the state that a job looks at was changed. Any context;
 * cheap while the engine does not sleep.
 */
void iio_sim_engine_kick(void)
{
	if (!atomic_xchg(&iio_sim_engine_kicked, 1))
		wake_up_process(iio_sim_engine_task);
}

/**
 * iio_sim_engine_pause() - have no job run until iio_sim_engine_resume()
 *
 * May sleep, but not for longer than one round of the jobs takes.
 */
void iio_sim_engine_pause(void)
{
	mutex_lock(&iio_sim_engine_lock);
}

/**
 * iio_sim_engine_resume() - end what iio_sim_engine_pause() began
 */
void iio_sim_engine_resume(void)
{
	mutex_unlock(&iio_sim_engine_lock);
}

/**
 * iio_sim_engine_synchronize() - wait until every job has seen the present state
 */
void iio_sim_engine_synchronize(void)
{
	mutex_lock(&iio_sim_engine_lock);
	mutex_unlock(&iio_sim_engine_lock);
}

/**
 * iio_sim_engine_charge() - account for time, from within a job
 * @busy_ns: spent working
 * @callback_ns: spent in completion callbacks, not part of @busy_ns
 */
void iio_sim_engine_charge(u64 busy_ns, u64 callback_ns)
{
	lockdep_assert_held(&iio_sim_engine_lock);

	WRITE_ONCE(iio_sim_engine_busy, iio_sim_engine_busy + busy_ns);
	WRITE_ONCE(iio_sim_engine_callback, iio_sim_engine_callback + callback_ns);
}

u64 iio_sim_engine_busy_ns(void)
{
	return READ_ONCE(iio_sim_engine_busy);
}

u64 iio_sim_engine_callback_ns(void)
{
	return READ_ONCE(iio_sim_engine_callback);
}
