// SPDX-License-Identifier: MIT
/* Operations that make and end processes. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "operations.h"
#include "worker.h"

#define CHILD_LIVES_MS 100

/* A child that has everything open for a while, or closes it at once */
void op_fork_child(struct worker *worker, struct random *random)
{
	bool closes = random_chance(random, 50);
	useconds_t lives_us = random_below(random, CHILD_LIVES_MS * 1000);

	(void)worker;
	if (fork())
		return;
	if (closes)
		close_range(3, ~0U, 0);
	usleep(lives_us);
	_exit(EXIT_SUCCESS);
}

void op_execute(struct worker *worker, struct random *random)
{
	(void)random;
	execl("/bin/true", "true", NULL);
	worker_complain(worker, "exec() failed");
}

void op_end_process(struct worker *worker, struct random *random)
{
	(void)worker;
	(void)random;
	_exit(EXIT_SUCCESS);
}

void op_kill_itself(struct worker *worker, struct random *random)
{
	(void)worker;
	(void)random;
	kill(getpid(), SIGKILL);
}

/* In the middle of whatever it does */
void op_kill_another(struct worker *worker, struct random *random)
{
	pid_t pid = atomic_load(&worker->shared->reports[random_below(random, WORKERS)].pid);

	if (pid > 0 && pid != getpid())
		kill(pid, SIGKILL);
}
