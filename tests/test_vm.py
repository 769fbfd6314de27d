# SPDX-License-Identifier: MIT
"""A command in the virtual machine behaves as on the host, and nothing that goes wrong is missed."""

import os
import signal


def test_exit_status_is_passed_through(vm):
    assert vm.run("exit 7").returncode == 7
    assert vm.run(["true"]).returncode == 0


def test_death_by_signal_is_told_as_a_shell_tells_it(vm):
    assert vm.run("kill -SEGV $$").returncode == 128 + 11


def test_missing_program_is_told_as_a_shell_tells_it(vm):
    result = vm.run(["no-such-program"])
    assert result.returncode == 127
    assert "no-such-program: No such file or directory" in result.stderr


def test_output_and_errors_are_kept_apart(vm):
    result = vm.run("echo to stdout; echo to stderr >&2")
    assert (result.stdout, result.stderr) == ("to stdout\n", "to stderr\n")


def test_much_output_arrives_complete(vm):
    result = vm.run("seq 1000000", timeout=120)
    assert result.stdout.splitlines() == [str(number) for number in range(1, 1000001)]


def test_output_is_streamed(vm, tmp_path):
    """The command says its second word only when its first has arrived."""
    arrived = bytearray()

    def on_stdout(data):
        arrived.extend(data)
        if arrived == b"first\n":
            (tmp_path / "first").touch()

    command = "echo first; until ls | grep -q first; do sleep 0.1; done; echo second"
    assert vm.run(command, directory=tmp_path, on_stdout=on_stdout).returncode == 0
    assert arrived == b"first\nsecond\n"


def test_input_is_empty(vm):
    assert vm.run("cat").returncode == 0


def test_arguments_arrive_unchanged(vm):
    arguments = ["two words", "", "$HOME", "ü", "*", "-n"]
    assert vm.run(["printf", "<%s>", *arguments]).stdout == "".join(f"<{argument}>" for argument in arguments)


def test_late_command_is_killed_and_the_machine_lives_on(vm):
    result = vm.run("sleep 1000 & sleep 1001", timeout=2)
    assert (result.returncode, result.timed_out) == (124, True)
    assert vm.run("! pgrep -x sleep").returncode == 0


def test_background_command_that_keeps_the_output_open_does_not_delay_the_end(vm):
    assert vm.run("sleep 1000 & echo done").stdout == "done\n"
    assert vm.run("pkill -x sleep").returncode == 0


def test_background_commands_may_end_at_any_time(vm):
    for number in range(100):
        assert vm.run(f"sleep 0.0{number:02} & echo done").stdout == "done\n"


def test_host_is_visible_but_read_only(vm):
    assert vm.run(["cat", __file__]).stdout == open(__file__).read()
    result = vm.run(["touch", __file__ + ".new"])
    assert result.returncode != 0
    assert "Read-only file system" in result.stderr


def test_guest_has_writable_directories_of_its_own(vm):
    for directory in ("/tmp", "/run", "/var/tmp", "/dev/shm"):
        assert vm.run(f"echo kept >{directory}/probe && cat {directory}/probe && rm {directory}/probe").stdout == "kept\n"


def test_directory_of_the_host_below_tmp_is_shown_when_a_command_starts_there(vm, tmp_path):
    (tmp_path / "file").write_text("from the host\n")
    assert vm.run("cat file", directory=tmp_path).stdout == "from the host\n"


def test_converter_is_there(vm):
    assert vm.run("cat /sys/bus/iio/devices/iio:device0/name").stdout == "adc0\n"


def test_converters_come_and_go(sim):
    device = sim.create("second", channels=2, rate_hz=1000)
    assert sim.machine.run(f"cat /sys/bus/iio/devices/{device}/name").stdout == "second\n"
    assert sim.get("second", "channels") == "2"
    sim.remove("second")
    assert sim.machine.run(f"test -e /sys/bus/iio/devices/{device}").returncode == 1


def test_crash_of_the_guest_is_noticed_at_once(boot):
    machine = boot()
    result = machine.run("echo c >/proc/sysrq-trigger; sleep 1000", timeout=100)
    assert (result.returncode, result.timed_out) == (None, False)
    assert any("Kernel panic" in splat for splat in result.splats)
    assert not machine.alive


def test_splat_is_reported_by_the_command_during_which_it_happened(boot):
    machine = boot()
    # the soft lockup detector's own words, said by an ordinary write to the log
    result = machine.run("echo '<0>watchdog: BUG: soft lockup - CPU#1 stuck for 26s!' >/dev/kmsg")
    assert len(result.splats) == 1 and "soft lockup" in result.splats[0]
    assert machine.run("true").splats == []
    assert len(machine.splats) == 1


def test_guest_that_hangs_is_given_up(boot, monkeypatch):
    monkeypatch.setattr("vmlib.machine.SECONDS_OF_GRACE", 3)
    machine = boot()
    os.kill(machine.pid, signal.SIGSTOP)
    result = machine.run("true", timeout=2)
    assert (result.returncode, result.timed_out) == (124, True)
    assert not machine.alive
