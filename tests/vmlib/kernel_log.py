# SPDX-License-Identifier: MIT
"""Finds in the guest's console what a healthy kernel never says."""

import re
import time

SPLAT = re.compile(
    r"""(?:^|\]\ )(?:watchdog:\ |rcu:\ |Oops:\ )?(?:
        (?:\[\ )?BUG:|BUG\ |kernel\ BUG\ at|
        WARNING:|
        Oops|
        INFO:\ (?:task\ .*\ blocked\ for|possible|trying\ to\ register|\S+\ (?:self-)?detected\ stall|\S+\ detected\ expedited)|
        ={5,}\ WARNING|
        KASAN:|KCSAN:|KFENCE:|UBSAN:|
        refcount_t:|
        (?:list_add|list_del|list_del_entry)\ corruption|
        general\ protection\ fault(?:,|:\ [0-9a-f]{4})|
        (?:double\ fault|divide\ error|invalid\ opcode|stack\ segment):\ [0-9a-f]{4}|
        unregister_netdevice:\ waiting|
        kmemleak:\ (?:\d+\ new\ suspected|Kernel\ memory\ leak\ detector\ disabled)|
        DMA-API:\ (?:\S+\ \S+:\ |debugging\ out\ of\ memory)|
        possible\ (?:circular|recursive|irq\ lock\ inversion|unsafe)|
        Kernel\ panic
    )""",
    re.VERBOSE,
)
LINES_OF_CONTEXT = 40


def printable(data):
    return "".join(character for character in data.decode(errors="replace") if character.isprintable() or character in "\n\t")


class KernelLog:
    """The console's file, read as it grows; what was seen is not reported again."""

    def __init__(self, path):
        self.path = path
        self.lines = []
        self._examined = 0
        self._partial = b""
        self._offset = 0

    def update(self):
        try:
            with open(self.path, "rb") as file:
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            return
        self._offset += len(data)
        *complete, self._partial = (self._partial + data).split(b"\n")
        self.lines += [printable(line) for line in complete]

    def wait_for(self, text, seconds):
        """Wait until a line ends with `text`; what the kernel said before is in the file then."""
        deadline = time.monotonic() + seconds
        searched = self._examined
        while True:
            self.update()
            if any(line.endswith(text) for line in self.lines[searched:]):
                return True
            searched = len(self.lines)
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)

    def new_splats(self):
        """Return an excerpt for each run of lines that starts with a splat."""
        self.update()
        excerpts = []
        line = self._examined
        while line < len(self.lines):
            if SPLAT.search(self.lines[line]):
                excerpts.append("\n".join(self.lines[line : line + LINES_OF_CONTEXT]))
                line += LINES_OF_CONTEXT
            else:
                line += 1
        self._examined = len(self.lines)
        return excerpts
