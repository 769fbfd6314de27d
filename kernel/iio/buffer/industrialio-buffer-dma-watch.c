// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks from time to time whether those who have direct transfers in flight are
 * still there.
 *
 * io_uring has no way to cancel a read or a write that a driver has accepted.
 * A task that executes another program waits for its requests, and so does the
 * thread that polls a submission queue. Both then never close the buffer, which
 * would end the requests. Who attaches a buffer, or guards the ring, needs none
 * of this.
 */

#include <linux/cleanup.h>
#include <linux/io_uring_types.h>
#include <linux/jiffies.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include <linux/iio/buffer-dma.h>

#include "industrialio-buffer-dma.h"

#define IIO_DMA_WATCH_INTERVAL	msecs_to_jiffies(250)

#ifdef CONFIG_IO_URING

/*
 * A thread that exits cancels its requests, too, but others of its process may
 * go on with theirs. What is told of io_uring may be gone, but not the task.
 */
static bool iio_dma_watch_thread_cancels(struct task_struct *thread)
{
	struct io_uring_task *io_uring = READ_ONCE(thread->io_uring);
	int in_cancel = 0;

	if (!thread->in_execve && !(READ_ONCE(thread->flags) & PF_IO_WORKER))
		return false;

	if (READ_ONCE(thread->flags) & PF_EXITING || !io_uring)
		return false;

	return !get_kernel_nofault(in_cancel, &io_uring->in_cancel.counter) &&
	       in_cancel;
}

#else

static bool iio_dma_watch_thread_cancels(struct task_struct *thread)
{
	return false;
}

#endif

/*
 * A thread that goes on to cancel its requests, and does not exit, is in exec
 * beyond return, or polls the submission queue of a ring that goes away. For a
 * moment it may also be that of another ring.
 */
static bool iio_dma_watch_has_ended(struct iio_dma_buffer_owner *owner)
{
	struct task_struct *leader, *thread;
	bool cancelled = owner->cancels;

	guard(rcu)();

	leader = pid_task(owner->tgid, PIDTYPE_TGID);
	if (!leader || READ_ONCE(leader->signal->flags) & SIGNAL_GROUP_EXIT)
		return true;

	owner->cancels = false;
	for (thread = leader; thread; thread = __next_thread(thread))
		owner->cancels |= iio_dma_watch_thread_cancels(thread);

	return owner->cancels && cancelled;
}

static void iio_dma_watch_forget(struct iio_dma_buffer_owner *owner)
{
	put_pid(owner->tgid);
	*owner = (struct iio_dma_buffer_owner) {};
}

static void iio_dma_watch_forget_all(struct iio_dma_buffer_queue *queue)
{
	unsigned int i;

	lockdep_assert_held(&queue->lock);

	for (i = 0; i < ARRAY_SIZE(queue->watch.owners); i++)
		iio_dma_watch_forget(&queue->watch.owners[i]);
}

/* The files of an owner that has ended, and is forgotten with this, or NULL */
static fl_owner_t iio_dma_watch_look_at(struct iio_dma_buffer_queue *queue,
					struct iio_dma_buffer_owner *owner)
{
	fl_owner_t files;

	guard(mutex)(&queue->lock);

	if (!owner->tgid || !iio_dma_watch_has_ended(owner))
		return NULL;

	files = owner->files;
	iio_dma_watch_forget(owner);

	return files;
}

static void iio_dma_watch_work(struct work_struct *work)
{
	struct iio_dma_buffer_queue *queue =
		container_of(work, struct iio_dma_buffer_queue,
			     watch.work.work);
	fl_owner_t files;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(queue->watch.owners); i++) {
		files = iio_dma_watch_look_at(queue, &queue->watch.owners[i]);
		if (files)
			iio_dma_buffer_owner_gone(&queue->buffer, files);
	}

	guard(mutex)(&queue->lock);

	if (iio_dma_direct_in_flight(queue))
		queue_delayed_work(iio_dma_buffer_wq, &queue->watch.work,
				   IIO_DMA_WATCH_INTERVAL);
	else
		iio_dma_watch_forget_all(queue);
}

/* That of these files, else one that is free, else the eldest */
static struct iio_dma_buffer_owner *
iio_dma_watch_slot(struct iio_dma_buffer_queue *queue, fl_owner_t files)
{
	struct iio_dma_buffer_owner *owners = queue->watch.owners;
	struct iio_dma_buffer_owner *free = NULL;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(queue->watch.owners); i++) {
		if (owners[i].tgid && owners[i].files == files)
			return &owners[i];
		if (!owners[i].tgid)
			free = &owners[i];
	}
	if (free)
		return free;

	return &owners[queue->watch.next++ % ARRAY_SIZE(queue->watch.owners)];
}

/**
 * iio_dma_watch_current() - Watch the current process from now on
 * @queue: Buffer of which it wants a direct transfer
 *
 * Until there are no transfers in flight any more. Of more processes than
 * there is room for, those that asked last are watched.
 */
void iio_dma_watch_current(struct iio_dma_buffer_queue *queue)
{
	struct iio_dma_buffer_owner *owner;

	lockdep_assert_held(&queue->lock);

	owner = iio_dma_watch_slot(queue, current->files);
	if (owner->tgid != task_tgid(current)) {
		put_pid(owner->tgid);
		owner->tgid = get_pid(task_tgid(current));
		owner->files = current->files;
		owner->cancels = false;
	}

	if (!delayed_work_pending(&queue->watch.work))
		queue_delayed_work(iio_dma_buffer_wq, &queue->watch.work,
				   IIO_DMA_WATCH_INTERVAL);
}

void iio_dma_watch_init(struct iio_dma_buffer_queue *queue)
{
	INIT_DELAYED_WORK(&queue->watch.work, iio_dma_watch_work);
}

/* When no direct transfer can start any more */
void iio_dma_watch_exit(struct iio_dma_buffer_queue *queue)
{
	cancel_delayed_work_sync(&queue->watch.work);

	guard(mutex)(&queue->lock);
	iio_dma_watch_forget_all(queue);
}
