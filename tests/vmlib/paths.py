# SPDX-License-Identifier: MIT
"""Where things are, and the one exception whose text is meant for a person."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
OUT = REPOSITORY / "out"
GUEST = REPOSITORY / "tests" / "guest"
KERNEL = OUT / "kernel" / "current"


class Failed(Exception):
    """The virtual machine cannot do what was asked; the text says why and what would work."""


def kernel_release():
    if not (KERNEL / "version").exists():
        raise Failed("there is no kernel to boot yet; tests/setup fetches one and builds the modules")
    return KERNEL.readlink().name


def modules_directory(patched):
    return OUT / "modules" / ("patched" if patched else "unpatched")
