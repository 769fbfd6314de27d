# SPDX-License-Identifier: MIT
"""A virtual machine that runs the host's commands on our kernel code."""

from .machine import Failed, Result, VirtualMachine

__all__ = ["Failed", "Result", "VirtualMachine"]
