/* SPDX-License-Identifier: MIT */
/* Numbers that depend on a seed alone, so that it replays what they decided. */
#ifndef IIO_FUZZ_RANDOM_H
#define IIO_FUZZ_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

/** random_next() - the next 64 bits (splitmix64) */
static inline uint64_t random_next(struct random *random)
{
	uint64_t mixed = random->state += 0x9e3779b97f4a7c15;

	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
	return mixed ^ mixed >> 31;
}

/** random_branch() - another sequence, which depends on the first one's seed and @number */
static inline struct random random_branch(struct random random, uint64_t number)
{
	struct random branch = { random_next(&random) ^ number };

	branch.state = random_next(&branch);
	return branch;
}

/** random_below() - a number from 0 to @limit - 1 */
static inline uint64_t random_below(struct random *random, uint64_t limit)
{
	return random_next(random) % limit;
}

/** random_chance() - true @percent times of 100 */
static inline bool random_chance(struct random *random, unsigned int percent)
{
	return random_below(random, 100) < percent;
}

#endif
