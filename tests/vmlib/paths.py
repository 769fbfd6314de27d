# SPDX-License-Identifier: MIT
"""Where things are, and the one exception whose text is meant for a person."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
OUT = REPOSITORY / "out"
GUEST = REPOSITORY / "tests" / "guest"
VARIANTS = ("patched", "unpatched", "full")


class Failed(Exception):
    """The virtual machine cannot do what was asked; the text says why and what would work."""


class Kernel:
    """A kernel to boot, and the modules that kernel/build made for it.

    Variants `patched` and `unpatched` are the stock lane: Debian's kernel with
    our IIO code or its own. `full` is the full lane: our code on the kernel of
    kernel/build-full.
    """

    def __init__(self, variant):
        if variant not in VARIANTS:
            raise ValueError(f"{variant} is none of {', '.join(VARIANTS)}")
        self.lane = "full" if variant == "full" else "stock"
        current = OUT / {"stock": "kernel", "full": "full"}[self.lane] / "current"
        if not (current / "version").exists():
            option = " --full" if self.lane == "full" else ""
            raise Failed(f"there is no kernel to boot yet; `tests/setup{option}` makes one and builds the modules")
        self.directory = current.resolve()
        self.release = self.directory.name
        self.version = (self.directory / "version").read_text()
        self.image = self.directory / "boot" / f"vmlinuz-{self.release}"
        self.configuration = self.directory / "boot" / f"config-{self.release}"
        # what /lib/modules is for the guest
        self.own_modules = self.directory / "lib" / "modules"
        self.our_modules = OUT / "modules" / variant
