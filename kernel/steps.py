# SPDX-License-Identifier: MIT
"""What the scripts in kernel/ share: paths, running commands, telling a person."""

import fcntl
import os
import shlex
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
OUT = REPOSITORY / "out"
CACHE = OUT / "cache"

# Debian's kernel, and the one that kernel/build-full makes of Debian's source
CURRENT_KERNEL = OUT / "kernel" / "current"
FULL_KERNEL = OUT / "full" / "current"

SERIES = "6.12"
SOURCE_PACKAGE = f"linux-source-{SERIES}"

# depmod and modinfo live in sbin, which is not in every user's PATH
ENVIRONMENT = dict(os.environ, LC_ALL="C.UTF-8", PATH=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


class Failed(Exception):
    """The text is all that a person gets to read."""


def tell(text):
    print(text, file=sys.stderr, flush=True)


def progress(text):
    if sys.stderr.isatty():
        tell(text)


def call(*command, **options):
    """Run a command silently and return its output; failing, its output becomes the message."""
    command = [str(word) for word in command]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=ENVIRONMENT,
        **options,
    )
    if done.returncode != 0:
        raise Failed(f"{done.stdout.strip()}\n`{shlex.join(command)}` failed with status {done.returncode}")
    return done.stdout


def pipeline(script, *arguments):
    call("bash", "-o", "pipefail", "-c", script, "bash", *arguments)


def extract_source(package, target, patterns=()):
    """Unpack Debian's linux-source into `target`: all of it, or only what matches the patterns."""
    pipeline('dpkg-deb --fsys-tarfile "$1" | tar -x -O "$2" | xz -d -T0 | tar -x -C "$3" --strip-components=1 --wildcards "${@:4}"',
             package, f"./usr/src/{SOURCE_PACKAGE}.tar.xz", target,
             *[f"{SOURCE_PACKAGE}/{pattern}" for pattern in patterns])


def source_package(version):
    """Return where kernel/fetch leaves the package with the whole source."""
    return CACHE / f"{SOURCE_PACKAGE}_{version}_all.deb"


def processors():
    return len(os.sched_getaffinity(0))


def make_current(directory):
    """Let the link `current` beside the directory lead to it, at no time to nothing."""
    link = directory.with_name("current.new")
    link.unlink(missing_ok=True)
    link.symlink_to(directory.name)
    link.replace(directory.with_name("current"))


@contextmanager
def lock(name):
    """Two callers at once would write the same files: the second waits and then finds the work done."""
    OUT.mkdir(exist_ok=True)
    with open(OUT / f".{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(function):
    """Run a script's function with one line for every failure that can be foreseen."""
    try:
        sys.exit(function())
    except Failed as failure:
        tell(f"{Path(sys.argv[0]).parent.name}/{Path(sys.argv[0]).name}: {failure}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
