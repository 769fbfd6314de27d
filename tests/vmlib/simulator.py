# SPDX-License-Identifier: MIT
"""The simulated converters of a running machine."""

import shlex

from .machine import CONVERTER
from .paths import Failed

ROOT = "/sys/kernel/config/iio_sim"


class Simulator:
    """Creates, changes and removes converters; their fields are listed in the simulator's `features`."""

    def __init__(self, machine):
        self.machine = machine

    def _sh(self, script):
        result = self.machine.run(["/bin/sh", "-euc", script])
        if result.returncode != 0:
            raise Failed(f"in the guest, `{script}` gave status {result.returncode}: {result.stderr.strip()}")
        return result.stdout

    @staticmethod
    def _writes(name, fields):
        return [f"echo {shlex.quote(str(value))} >{ROOT}/{name}/{field}" for field, value in fields.items()]

    def create(self, name, **fields):
        """Make a converter with these fields and return its device's name, such as iio:device1."""
        script = [f"mkdir {ROOT}/{name}", *self._writes(name, fields), *self._writes(name, {"power": 1})]
        return self._sh("\n".join([*script, f"cat {ROOT}/{name}/device"])).strip()

    def recreate(self, name, **fields):
        """As `create`, in place of the converter that has this name now."""
        self.remove(name)
        return self.create(name, **fields)

    def set(self, name, **fields):
        self._sh("\n".join(self._writes(name, fields)))

    def get(self, name, field):
        return self._sh(f"cat {ROOT}/{name}/{field}").strip()

    def remove(self, name):
        self._sh(f"rmdir {ROOT}/{name}")

    def reset(self):
        """Back to what a machine starts with."""
        self._sh(f"for converter in {ROOT}/*/; do rmdir $converter; done")
        self.create(CONVERTER)
