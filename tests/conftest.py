# SPDX-License-Identifier: MIT
"""The frame of all tests: machines, converters, which tests run in which lane, and the line a run ends with."""

import random
from pathlib import Path

import lanes
import pytest
from vmlib import VirtualMachine
from vmlib.simulator import Simulator


class PatientMachine(VirtualMachine):
    """Gives a command as much more time as its kernel is slower."""

    def run(self, command, *, timeout=60, **options):
        return super().run(command, timeout=timeout * self.patience, **options)


class Machines:
    """At most one machine at a time: two would share the cores and disturb each other's timing."""

    def __init__(self, variant):
        self.variant = variant
        self.leaks = []
        self.running = None
        self.is_shared = False
        self.spoilt = False

    def shared(self):
        """Return the machine with our code that tests have in common."""
        if not (self.running and self.is_shared and self.running.alive and not self.spoilt):
            self.start()
            self.is_shared = True
        return self.running

    def start(self, **options):
        self.stop()
        self.running = PatientMachine(**{"variant": self.variant} | options)
        return self.running

    def stop(self):
        if self.running:
            try:
                # what a failure has left behind is no news, and a test with a machine of its own judges it alone
                if self.is_shared and not self.spoilt:
                    self.leaks += self.running.leaks()
            finally:
                self.running.stop()
        self.running = None
        self.is_shared = False
        self.spoilt = False


MACHINES = pytest.StashKey[Machines]()


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="run our code on a kernel with KASAN, lockdep, kmemleak and more")
    parser.addoption("--soak", action="store_true", help="let the fuzzer do 100,000 operations instead of 5,000")
    parser.addoption("--sample", action="store_true", help="with --full: of the tests that say so run the share they say")
    parser.addoption("--seed", type=lambda text: int(text, 0), help="decides what is random (default: a new number, which is told)")
    parser.addoption("--tally", type=Path, metavar="FILE", help="count on from the last line of a run before, which is in this file")


@pytest.fixture(scope="session")
def machines(request):
    machines = request.config.stash[MACHINES] = Machines("full" if request.config.getoption("--full") else "patched")
    yield machines
    machines.stop()
    if machines.leaks:
        pytest.fail("our modules have lost memory:\n" + "\n".join(machines.leaks), pytrace=False)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """A failure may leave the guest in any state: the next test gets a new one."""
    outcome = yield
    machines = item.config.stash.get(MACHINES, None)
    if outcome.get_result().failed and machines:
        machines.spoilt = True


@pytest.fixture
def vm(machines):
    """Our kernel code with the simulator. A splat of its kernel fails the test."""
    machine = machines.shared()
    yield machine
    if machine.splats:
        pytest.fail("the guest's kernel complains:\n" + "\n\n".join(machine.splats), pytrace=False)


@pytest.fixture
def sim(vm):
    """The simulator of `vm`. Whatever a test does to converters, the next finds adc0 with its defaults."""
    simulator = Simulator(vm)
    yield simulator
    if vm.alive:
        simulator.reset()


@pytest.fixture
def boot(machines):
    """A function that boots a machine for this test alone, with VirtualMachine's options.

    The test itself has to look at the splats in its results, and for leaks.
    """
    yield machines.start
    machines.stop()


@pytest.fixture
def unpatched_vm(boot):
    """A machine of its own with Debian's IIO code and the simulator, to show what ours changes."""
    return boot(variant="unpatched")


@pytest.fixture
def no_vm(machines):
    """For tests that start machines by themselves."""
    machines.stop()


def pytest_collection_modifyitems(config, items):
    lanes.choose(config, items, config.getoption("--seed"))
    # tests that share a machine follow each other, so that it boots once
    items.sort(key=lambda item: not {"vm"} & set(item.fixturenames))


def counts(reporter):
    """Return the numbers of tests passed, failed and skipped; an error in set-up or tear-down is a failure."""

    def tests(*categories):
        return {report.nodeid for category in categories for report in reporter.stats.get(category, ())}

    failed = tests("failed", "error", "xfailed", "xpassed")
    return len(tests("passed") - failed), len(failed), len(tests("skipped") - failed)


def counts_before(tally):
    """Return what runs before have counted."""
    text = tally.read_text() if tally else ""
    return tuple(map(int, text.split())) if text else (0, 0, 0)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    passed, failed, _ = counts(reporter)
    if session.exitstatus == pytest.ExitCode.OK and passed + failed == 0:
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED


def pytest_report_header(config):
    return f"seed: {config.getoption('--seed')}"


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    reporter = config.pluginmanager.getplugin("terminalreporter")
    tally = config.getoption("--tally")
    if config.getoption("--seed") is None:
        config.option.seed = random.SystemRandom().getrandbits(32)

    def last_line():
        reporter.ensure_newline()
        for line in lanes.left_out(config):
            reporter.write_line(line)
        numbers = [sum(pair) for pair in zip(counts(reporter), counts_before(tally), strict=True)]
        if tally:
            tally.write_text(" ".join(map(str, numbers)))
        passed, failed, skipped = numbers
        reporter.write_line(f"{passed} passed, {failed} failed, {skipped} skipped")

    # pytest calls it after everything else it has to say
    reporter.summary_stats = last_line
