/* SPDX-License-Identifier: MIT */
/* Allocations and copies to and from user space that fail on demand. */
#ifndef IIO_TEST_FAULT_H
#define IIO_TEST_FAULT_H

#include <stdbool.h>

/**
 * fault_allow() - let every allocation of this task fail if it is its turn
 * @module:	"[name]" of a module if only its own allocations are to fail and
 *		those of what it calls directly; or NULL
 *
 * Ends the test if the kernel fails nothing on demand.
 */
void fault_allow(const char *module);

/** fault_arm() - the @nth allocation or copy of this task from now on is to fail */
void fault_arm(unsigned int nth);

/** fault_disarm() - nothing is to fail any more; returns whether something has */
bool fault_disarm(void);

#endif
