# SPDX-License-Identifier: Apache-2.0
"""Runs a command under caps of time and memory, and says what it took."""
import os
import signal
import subprocess
import time
from dataclasses import dataclass

SAMPLE_S = 0.05
WALL_PER_CPU = 3  # a run may take so many times its cap of processor time by the clock, on a busy machine
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Run:
    """`failure` is empty after success; seconds by the clock and of processors, peak resident memory in MB, of its
    processes together."""
    failure: str
    wall_s: float
    cpu_s: float
    peak_rss_mb: float
    output: str
    exit_code: int


@dataclass
class Use:
    """What a process group uses: bytes resident, and processor seconds so far."""
    resident: int = 0
    cpu_s: float = 0.0


def run(command, log, minutes, gigabytes):
    """`minutes` caps processor time, which other work on the machine does not lengthen. Address space is not capped
    (engines map more than they use): the resident size is watched."""
    started = time.monotonic()
    with open(log, "w") as out:
        child = subprocess.Popen(list(map(str, command)), stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        failure, peak = watch(child, 60 * minutes, gigabytes * 1e9)
    except BaseException:  # Ctrl-C: the child is in a group of its own and would live on
        os.killpg(child.pid, signal.SIGKILL)
        raise
    with open(log, errors="replace") as out:
        tail = out.read()[-2000:]
    if not failure and child.returncode != 0:
        last = tail.strip().splitlines()[-1:] or ["no message"]
        failure = f"exit code {child.returncode}: {last[0][:200]}"
    wall = time.monotonic() - started
    return Run(failure, round(wall, 2), round(peak.cpu_s, 2), round(peak.resident / 1e6, 1), tail, child.returncode)


def watch(child, seconds, cap):
    """Waits; ends the child's own process group beyond a cap. (failure, the most it used)."""
    peak, started = Use(), time.monotonic()
    while child.poll() is None:
        now = group_use(child.pid)
        peak.resident = max(peak.resident, now.resident, own_peak(child.pid))
        peak.cpu_s = max(peak.cpu_s, now.cpu_s)
        late = peak.cpu_s > seconds or time.monotonic() - started > WALL_PER_CPU * seconds
        if late or now.resident > cap:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            wall = time.monotonic() - started
            which = f"time cap of {seconds / 60:g} min" if late else f"memory cap of {cap / 1e9:g} GB"
            return (f"stopped at the {which}: {peak.cpu_s:.0f} s of processor time, {wall:.0f} s by the clock, "
                    f"{now.resident / 1e6:.0f} MB"), peak
        time.sleep(SAMPLE_S)
    return "", peak


def own_peak(pid):
    """The process's own high-water mark. Not ru_maxrss: that begins at what the parent held when it forked."""
    try:
        with open(f"/proc/{pid}/status") as file:
            return next((int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


def group_use(group):
    """Of a process group. Pages that forked processes share count once, by proportion; processor time includes that
    of members that ended and were waited for."""
    use, members = Use(), []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            members.append((pid, int(fields[21]) * PAGE))
            use.cpu_s += sum(map(int, fields[11:15])) / TICK
    if len(members) == 1:
        use.resident = members[0][1]
    else:
        use.resident = sum(proportional_set(pid, resident) for pid, resident in members)
    return use


def proportional_set(pid, resident):
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return resident
