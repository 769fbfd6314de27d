/* SPDX-License-Identifier: MIT */
/* The one list of operations: a new one is a function, op_NAME(), and a line here. */
#ifndef IIO_FUZZ_OPERATIONS_H
#define IIO_FUZZ_OPERATIONS_H

#include "random.h"

/* Name, how often compared with the others */
#define OPERATION_LIST(operation)                                                                     \
	operation(open_device, 4) operation(open_buffer, 12) operation(borrow_buffer, 4) operation(   \
		close_device,                                                                         \
		4) operation(close_buffer,                                                            \
			     5) operation(enable,                                                     \
					  14) operation(disable,                                      \
							5) operation(change_scan,                     \
								     2) operation(change_length,      \
										  2)                  \
		operation(change_limits, 3) operation(submit_fixed, 30) operation(                    \
			submit_plain,                                                                 \
			8) operation(submit_asynchronous,                                             \
				     3) operation(submit_transfer,                                    \
						  20) operation(submit_attach,                        \
								6) operation(submit_guard, 3)         \
			operation(submit_abort, 3) operation(submit_invalid, 6) operation(            \
				submit_from_thread,                                                   \
				3) operation(reap,                                                    \
					     20) operation(close_ring,                                \
							   3) operation(unmap_memory,                 \
									2) operation(read_or_write,   \
										     8)               \
				operation(read_or_write_nowait, 3) operation(                         \
					read_or_write_in_thread,                                      \
					6) operation(submit_aio,                                      \
						     6) operation(reap_aio,                           \
								  4) operation(destroy_aio, 3)        \
					operation(attach_dmabuf, 6) operation(                        \
						detach_dmabuf,                                        \
						2) operation(enqueue_dmabuf,                          \
							     8) operation(submit_dmabuf, 10)          \
						operation(stall, 3) operation(go_on, 5) operation(    \
							fail_transfers,                               \
							2) operation(refuse_submits,                  \
								     2) operation(cut_transfer, 2)    \
							operation(delay_completions, 2) operation(    \
								rebind_driver,                        \
								1) operation(replace_converter,       \
									     1) operation(fork_child, \
											  3)          \
								operation(fork_user, 2) operation(    \
									execute,                      \
									1) operation(end_process,     \
										     1)               \
									operation(kill_itself, 1)     \
										operation(            \
											kill_another, \
											1)

struct worker;

struct operation {
	const char *name;
	unsigned int weight;
	void (*run)(struct worker *worker, struct random *random);
};

extern const struct operation operations[];

/** operation_choose() - one of the list, by its weight; returns its index */
unsigned int operation_choose(struct random *random);

#define OPERATION_DECLARE(name, weight) void op_##name(struct worker *, struct random *);
OPERATION_LIST(OPERATION_DECLARE)
#undef OPERATION_DECLARE

#endif
