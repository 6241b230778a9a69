# SPDX-License-Identifier: Apache-2.0
"""Runs a command under caps of time and memory, and says what it took."""
import os
import resource
import signal
import subprocess
import time
from dataclasses import dataclass

SAMPLE_S = 0.05


@dataclass(frozen=True)
class Run:
    """`failure` is empty after success; wall in seconds, peak resident memory in MB (of its processes together)."""
    failure: str
    wall_s: float
    peak_rss_mb: float
    output: str
    exit_code: int


def run(command, log, minutes, gigabytes):
    """Address space is not capped (engines map more than they use): the resident size is watched."""
    started = time.monotonic()
    with open(log, "w") as out:
        child = subprocess.Popen(list(map(str, command)), stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        failure, peak = watch(child, started + 60 * minutes, gigabytes * 1e9)
    except BaseException:  # Ctrl-C: the child is in a group of its own and would live on
        os.killpg(child.pid, signal.SIGKILL)
        raise
    wall = time.monotonic() - started
    with open(log, errors="replace") as out:
        tail = out.read()[-2000:]
    if not failure and child.returncode != 0:
        last = tail.strip().splitlines()[-1:] or ["no message"]
        failure = f"exit code {child.returncode}: {last[0][:200]}"
    return Run(failure, round(wall, 2), round(peak / 1e6, 1), tail, child.returncode)


def watch(child, deadline, cap):
    """Waits; ends the child's own process group beyond a cap. (failure, peak resident bytes)."""
    peak = 0
    while True:
        if child.poll() is not None:
            return "", peak
        resident = group_resident(child.pid)
        peak = max(peak, resident, own_peak(child.pid))
        if time.monotonic() > deadline or resident > cap:
            what = "time cap" if resident <= cap else "memory cap"
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            return f"stopped at the {what}", peak
        time.sleep(SAMPLE_S)


def own_peak(pid):
    """The process's own high-water mark. Not ru_maxrss: that begins at what the parent held when it forked."""
    try:
        with open(f"/proc/{pid}/status") as file:
            return next((int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


def group_resident(group):
    """Resident bytes of a process group. Pages that forked processes share count once, by proportion."""
    members = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            members.append((pid, int(fields[21]) * resource.getpagesize()))
    if len(members) == 1:
        return members[0][1]
    return sum(proportional_set(pid, resident) for pid, resident in members)


def proportional_set(pid, resident):
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return resident
