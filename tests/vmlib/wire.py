# SPDX-License-Identifier: MIT
"""How host and guest talk over the virtio port: frames of a kind, a length and a payload.

The guest's agent uses this file too, and its start is what every boot waits
for under emulation: only modules built into the interpreter are imported.
"""

import marshal

PORT = "iio-vm"

# to the guest
RUN, INPUT, RESIZE = 1, 2, 3
# to the host
READY, STDOUT, STDERR, END = 16, 17, 18, 19

_HEADER = 5


def frame(kind, payload=b""):
    return bytes([kind]) + len(payload).to_bytes(4, "little") + payload


def encode(value):
    return marshal.dumps(value, 4)


def decode(payload):
    return marshal.loads(payload)


class Parser:
    """Cuts a stream of bytes, arriving in any pieces, into frames."""

    def __init__(self):
        self._pending = bytearray()

    def feed(self, data):
        """Return the frames that `data` completes, as pairs of kind and payload."""
        self._pending += data
        frames = []
        while len(self._pending) >= _HEADER:
            end = _HEADER + int.from_bytes(self._pending[1:_HEADER], "little")
            if len(self._pending) < end:
                break
            frames.append((self._pending[0], bytes(self._pending[_HEADER:end])))
            del self._pending[:end]
        return frames
