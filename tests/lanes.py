# SPDX-License-Identifier: MIT
"""Which tests run on which kernel, and how many of those that are too many for every run."""

import math
import random
from collections import Counter, defaultdict

import pytest

LEFT_OUT = pytest.StashKey[Counter]()


def reason_to_leave_out(item, full, is_sample):
    """Return why a test makes no sense in this lane, or None."""
    if not full:
        return "about the kernel that --full brings" if item.get_closest_marker("full_only") else None
    if marker := item.get_closest_marker("stock_only"):
        return marker.args[0]
    if "unpatched_vm" in item.fixturenames:
        return "about Debian's own IIO code"
    if not {"vm", "boot"} & set(item.fixturenames):
        return "about nothing in the kernel, or starts a machine of the stock lane by itself"
    if is_sample and not share(item):
        return "no part of the sample; --full runs it"
    return None


def share(item):
    """Return the part of a test's cases that a sample has."""
    if item.get_closest_marker("full_only"):
        return 1
    marker = item.get_closest_marker("sampled")
    return marker.args[0] if marker else 0


def sample(items, seed):
    """Return the share of each test's cases, the same for the same seed."""
    cases = defaultdict(list)
    for item in items:
        cases[item.function].append(item)
    chosen = set()
    for function, all_cases in cases.items():
        number = math.ceil(share(all_cases[0]) * len(all_cases))
        chosen |= set(random.Random(f"{seed} {function.__qualname__}").sample(all_cases, number))
    return [item for item in items if item in chosen]


def choose(config, items, seed):
    """Keep of `items` what this run is about, and remember why the others were left out."""
    full, is_sample = config.getoption("--full"), config.getoption("--sample")
    reasons = {item: reason_to_leave_out(item, full, is_sample) for item in items}
    kept = [item for item in items if not reasons[item]]
    if full and is_sample:
        chosen = set(sample(kept, seed))
        reasons |= {item: f"cases that --seed {seed} does not choose; --full runs all" for item in kept if item not in chosen}
    left_out = [item for item in items if reasons[item]]
    config.stash[LEFT_OUT] = Counter(reasons[item] for item in left_out)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not reasons[item]]


def left_out(config):
    """Return why how many tests were left out, a line each."""
    return [f"left out, {number} times: {reason}" for reason, number in config.stash.get(LEFT_OUT, Counter()).items()]
