# SPDX-License-Identifier: MIT
"""The initial file system: busybox, the modules that reach the host's files, our init and agent."""

import hashlib
import lzma
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .paths import GUEST, OUT, Failed

BUSYBOX = Path("/bin/busybox")
APPLETS = ("cp", "hostname", "ifconfig", "insmod", "mkdir", "mount", "sh", "switch_root")
MODULES = ("9pnet_virtio", "9p", "configfs")
# as loaded: an edit must not let a process that still runs the old code fill the new code's cache
RECIPE = Path(__file__).read_bytes()
GUEST_FILES = (GUEST / "agent", Path(__file__).with_name("wire.py"))


def modules_in_load_order(kernel):
    """Return the paths of MODULES and what they need, without those built into the kernel."""
    directory = kernel.own_modules / kernel.release
    needs = {}
    for line in (directory / "modules.dep").read_text().splitlines():
        path, _, needed = line.partition(":")
        needs[Path(path).name.partition(".")[0]] = [path, *needed.split()]
    builtin = {Path(line).stem for line in (directory / "modules.builtin").read_text().splitlines()}
    ordered = []
    for name in MODULES:
        if name not in builtin:
            # modules.dep lists what is needed last first
            ordered += [path for path in reversed(needs[name]) if path not in ordered]
    return [directory / path for path in ordered]


def fill(directory, kernel):
    for name in ("bin", "dev", "guest", "host", "modules", "new", "proc", "sys"):
        (directory / name).mkdir()
    shutil.copy(GUEST / "init", directory / "init")
    shutil.copy(BUSYBOX, directory / "bin" / "busybox")
    for applet in APPLETS:
        (directory / "bin" / applet).symlink_to("busybox")
    for file in GUEST_FILES:
        shutil.copy(file, directory / "guest")
    for number, path in enumerate(modules_in_load_order(kernel)):
        (directory / "modules" / f"{number:02}-{path.stem}").write_bytes(lzma.decompress(path.read_bytes()))


def initramfs(kernel):
    """Return the archive's path; it is built when something in it has changed."""
    if not BUSYBOX.exists():
        raise Failed("busybox-static is not installed; tests/setup installs it")
    digest = hashlib.sha256(f"{kernel.release} {kernel.version} {BUSYBOX.stat()[6:9]}".encode())
    digest.update(RECIPE)
    for file in (GUEST / "init", *GUEST_FILES):
        digest.update(file.read_bytes())
    archive = OUT / "cache" / f"initramfs-{kernel.lane}-{digest.hexdigest()[:16]}.cpio"
    if archive.exists():
        return archive
    for old in archive.parent.glob(f"initramfs-{kernel.lane}-*.cpio"):
        old.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        fill(directory, kernel)
        names = "\0".join(str(path.relative_to(directory)) for path in sorted(directory.rglob("*")))
        packed = subprocess.run(
            ["cpio", "--create", "--format=newc", "--owner=0:0", "--null", "--quiet"],
            input=names.encode(), cwd=directory, check=True, stdout=subprocess.PIPE,
        ).stdout  # fmt: skip
    # another machine may be starting, too
    partial = archive.with_suffix(f".{os.getpid()}")
    partial.write_bytes(packed)
    partial.replace(archive)
    return archive
