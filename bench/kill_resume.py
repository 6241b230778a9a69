#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills nayose dedupe -9 at random moments and lets --resume go on: the outputs must be those of a run that was
never killed, byte for byte, timings aside.

  bench/kill_resume.py --nayose build/release/bin/nayose --data DIR [--kills 20] [--seed 1] [--work DIR]

DIR holds the patient lists (*.csv; truth.csv is left out). Each round starts in an empty folder, is killed at a
moment drawn from the whole length of a run, every second round once more while it resumes, and ends with --resume.
"""
import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Of summary.json, report.html and state.json: how long things took.
TIMES = re.compile(rb'"(?:seconds|records_per_second|peak_memory_bytes|peak_rss_kb)":\s*[-+.0-9e]+')


def outputs(folder):
    """Every file of a run by name, timings taken out."""
    return {str(p.relative_to(folder)): comparable(p) for p in sorted(folder.rglob("*")) if p.is_file()}


def comparable(path):
    data = path.read_bytes()
    if path.name == "summary.json":
        return json.dumps(without_times(json.loads(data)), sort_keys=True)
    if path.name == "report.html":
        return re.sub(rb"[0-9.,]+ ?(?:s|seconds|\xe7\xa7\x92)\b", b"", TIMES.sub(b"", data))
    return data


def without_times(value):
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items()
                if not any(word in k for word in ("second", "memory", "peak", "output"))}
    return [without_times(v) for v in value] if isinstance(value, list) else value


def differing(one, other):
    return sorted(k for k in one.keys() | other.keys() if one.get(k) != other.get(k))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nayose", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path)
    args = parser.parse_args()
    draw = random.Random(args.seed)
    work = Path(tempfile.mkdtemp(prefix="kill_resume.", dir=args.work))
    files = sorted(str(p) for p in args.data.glob("*.csv") if p.name != "truth.csv")
    command = [args.nayose, "dedupe", *files, "--no-progress", "--today", "2026-11-25", "--output"]
    started = time.monotonic()
    if subprocess.run([*command, work / "whole"], capture_output=True).returncode not in (0, 1):
        sys.exit("the run that is not killed fails")
    length = time.monotonic() - started
    expected = outputs(work / "whole")
    kills = rounds = wrong = 0
    print(f"a run takes {length:.1f} s; {len(expected)} files compared")
    while kills < args.kills:
        out = work / "out"
        shutil.rmtree(out, ignore_errors=True)
        told = []
        for attempt in range(1 + rounds % 2):
            if kills + len(told) == args.kills:
                break
            process = subprocess.Popen([*command, out] + ["--resume"] * (attempt > 0), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            moment = draw.uniform(0, length)
            try:
                process.wait(timeout=moment)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                told.append(f"{moment:.2f} s")
        kept = sorted(p.stem for p in (out / ".nayose-partial/stages").glob("*.stage"))
        if (out / "summary.json").exists():
            rounds += 1  # ended before the kill
            continue
        kills += len(told)
        started = time.monotonic()
        done = subprocess.run([*command, out, "--resume"], capture_output=True)
        seconds = time.monotonic() - started
        differ = differing(expected, outputs(out)) if done.returncode in (0, 1) else [f"exit {done.returncode}"]
        wrong += bool(differ)
        print(f"killed at {', '.join(told)}: kept {' '.join(kept) or 'nothing'}; went on in {seconds:.1f} s: "
              + ("DIFFERS in " + ", ".join(differ) if differ else "same"), flush=True)
        rounds += 1
    shutil.rmtree(work)
    print(f"{kills} kills, {wrong} wrong")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
