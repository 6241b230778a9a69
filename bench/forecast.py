#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What nayose dedupe --dry-run says of a run against what the run then takes, and whether --memory is kept.

    bench/forecast.py [--nayose PATH] [--memory SIZE]... REGION...

For each folder of nayose generate and each --memory (none: as much as there is): seconds of processors over threads,
peak memory, temporary files, candidate pairs, forecast and found; and whether the tables are those of the run in memory.
Rows for bench/README.md.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FILES = ["hospital.csv", "clinic.csv", "pharmacy.csv", "dental.csv", "care.csv"]
TABLES = ["clusters.csv", "links.csv", "review.csv", "findings.csv", "model.json"]
UNITS = {"MB": 1e6, "GB": 1e9}


def amount(text):
    number, unit = text.split()
    return float(number) * UNITS[unit]


def forecast(output):
    """seconds, candidate pairs, bytes of memory, bytes of temporary files."""
    first = re.search(r"forecast: ([\d.]+) s on (\d+) threads, ([\d.]+) million", output)
    memory = re.search(r"forecast: ([\d.]+ [MG]B) of memory", output)
    disk = re.search(r"and ([\d.]+ [MG]B) of temporary files", output)
    return (float(first[1]), float(first[3]) * 1e6, amount(memory[1]), amount(disk[1]) if disk else 0, int(first[2]))


def measured(command):
    """Output, processor seconds and peak bytes of a command."""
    read, write = os.pipe()
    process = subprocess.Popen(command, stdout=write, stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        output = pipe.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{' '.join(command)}: exit code {os.waitstatus_to_exitcode(status)}")
    return output, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nayose", default="build/release/bin/nayose")
    parser.add_argument("--memory", action="append", default=[])
    parser.add_argument("regions", nargs="+", type=Path)
    args = parser.parse_args()
    print("| records | --memory | s, forecast | s | memory, forecast | memory | pairs, forecast | pairs | tables |")
    print("|---|---|---|---|---|---|---|---|---|")
    for region in args.regions:
        first = None
        for memory in [None, *args.memory]:
            with tempfile.TemporaryDirectory() as folder:
                command = [args.nayose, "dedupe", *(str(region / f) for f in FILES), "--output", folder + "/out",
                           "--no-report", "--no-checkpoints", "--today", "2026-11-28"]
                command += ["--memory", memory] if memory else []
                said = forecast(measured([*command, "--dry-run"])[0])
                _, seconds, peak = measured(command)
                summary = json.loads(Path(folder, "out", "summary.json").read_text())
                tables = [Path(folder, "out", t).read_bytes() for t in TABLES]
                first = first or tables
                print(f"| {summary['records']:,} | {memory or ''} | {said[0]:.1f} | {seconds / said[4]:.1f} | "
                      f"{said[2] / 1e9:.2f} GB | {peak / 1e9:.2f} GB | {said[1] / 1e6:.2f} M | "
                      f"{summary['candidate_pairs'] / 1e6:.2f} M | {'the same' if tables == first else 'DIFFER'} |", flush=True)


if __name__ == "__main__":
    main()
