// SPDX-License-Identifier: MIT
#include "operations.h"

#include "worker.h"

#define OPERATION_ENTRY(name, weight) { #name, weight, op_##name },
const struct operation operations[] = { OPERATION_LIST(OPERATION_ENTRY) };

#define COUNT (sizeof(operations) / sizeof(operations[0]))
_Static_assert(COUNT <= OPERATIONS, "there is room for the statistics of all operations");

unsigned int operation_choose(struct random *random)
{
	unsigned int sum = 0, operation = 0;
	uint64_t choice;

	for (unsigned int i = 0; i < COUNT; i++)
		sum += operations[i].weight;
	for (choice = random_below(random, sum); choice >= operations[operation].weight;
	     operation++)
		choice -= operations[operation].weight;
	return operation;
}
