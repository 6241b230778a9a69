#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a nightly file costs beside a full run, and whether it gives the full run's partition, byte for byte.

    bench/incremental.py --nayose build/release/bin/nayose --data REGION [--night 50000] [--seed 1] [--work DIR]

REGION is a folder of nayose generate. About so many of its rows are the night's; one of ten is in the first run as well and comes
again with another telephone number. Three runs: dedupe --keep-index without the night, update with it, and dedupe of all
files with the first run's model. Exit code 1 where clusters.csv of the last two differ.
"""
import argparse
import csv
import filecmp
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from forecast import measured


def split(region, folder, night, seed):
    """The region's rows in a first folder and the night's."""
    files = [p for p in sorted(region.glob("*.csv")) if p.name != "truth.csv"]
    draw, share = random.Random(seed), night / json.loads((region / "region.json").read_text())["records"]
    for name in ("first", "night"):
        (folder / name).mkdir()
    for path in files:
        with (open(path, encoding="utf-8", newline="") as f,
              open(folder / "first" / path.name, "w", encoding="utf-8", newline="") as first,
              open(folder / "night" / path.name, "w", encoding="utf-8", newline="") as of_night):
            rows, first, of_night = csv.reader(f), csv.writer(first), csv.writer(of_night)
            header = next(rows)
            phone = header.index("phone")
            first.writerow(header)
            of_night.writerow(header)
            for row in rows:
                if draw.random() >= share:
                    first.writerow(row)
                    continue
                if draw.random() < 0.1:
                    first.writerow(row)
                    row[phone] = f"03-1234-{draw.randrange(10000):04}"
                of_night.writerow(row)
    return [sorted((folder / name).glob("*.csv")) for name in ("first", "night")]


def told(what, *command):
    """Runs a command, tells what it took, and gives its seconds by the clock and of processors."""
    start = time.monotonic()
    _, processor_seconds, peak = measured([str(c) for c in command])
    seconds = time.monotonic() - start
    print(f"{what}: {seconds:.1f} s, {processor_seconds:.2f} s of processors, {peak / 1e9:.2f} GB", flush=True)
    return seconds, processor_seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nayose", default="build/release/bin/nayose")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--night", type=int, default=50000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="incremental.", dir=args.work) as name:
        work = Path(name)
        first, night = split(args.data, work, args.night, args.seed)
        today = ["--today", "2026-11-28", "--no-progress"]
        told("first run", args.nayose, "dedupe", *first, "--keep-index", "--output", work / "monday", *today)
        update = told("update", args.nayose, "update", *night, "--previous", work / "monday", "--output", work / "tuesday",
                      "--no-progress")
        full = told("full run", args.nayose, "dedupe", *first, *night, "--model", work / "monday" / "model.json",
                    "--output", work / "whole", *today)
        known = json.loads((work / "monday" / "summary.json").read_text())["records"]
        by_clock, of_processors = (one / other for one, other in zip(update, full))
        same = filecmp.cmp(work / "tuesday" / "clusters.csv", work / "whole" / "clusters.csv", shallow=False)
        print(f"{known} records known; update / full run {of_processors:.1%} of processor seconds, {by_clock:.1%} by the clock; "
              f"clusters.csv {'the same' if same else 'DIFFERS'}")
    sys.exit(not same)


if __name__ == "__main__":
    main()
