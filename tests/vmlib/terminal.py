# SPDX-License-Identifier: MIT
"""A person's terminal, handed through to a shell in the guest."""

import fcntl
import os
import sys
import termios
import tty

from . import wire


class Terminal:
    """Raw while in use; its size goes ahead of what is typed, whenever it has changed."""

    def __init__(self):
        self._size = None

    def __enter__(self):
        self._settings = termios.tcgetattr(sys.stdin)
        tty.setraw(sys.stdin)
        return self

    def __exit__(self, *_):
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._settings)

    def fileno(self):
        return sys.stdin.fileno()

    def size_frame(self):
        size = fcntl.ioctl(sys.stdin, termios.TIOCGWINSZ, bytes(8))
        if size == self._size:
            return b""
        self._size = size
        return wire.frame(wire.RESIZE, size)

    def read_frames(self):
        return self.size_frame() + wire.frame(wire.INPUT, os.read(self.fileno(), 4096))
