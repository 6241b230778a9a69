# SPDX-License-Identifier: Apache-2.0
"""What the figures depend on, without a path or a host's name."""
import platform
import sys
from pathlib import Path

from sidebyside.main import machine


def described(shared):
    """Processor, cores, memory, system; `shared`: others used the machine meanwhile."""
    return machine(shared) | {"system": system(), "kernel": platform.release()}


def system():
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return sys.platform
    named = dict(line.split("=", 1) for line in lines if "=" in line)
    return named.get("PRETTY_NAME", sys.platform).strip('"')


def line(found):
    """For the end of a table."""
    shared = "; others used it at the same time" if found["shared"] else ""
    return (f"{found['processor']}, {found['cores']} cores, {found['memory_gb']:.0f} GB, {found['system']}{shared}")
