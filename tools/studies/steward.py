#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Long studies of what people's answers are worth: labels to learn from, audits to estimate by.

Answers come from the truth of generated regions. Each study is a function below; prints JSON.

    tools/studies/steward.py label_gain audit_coverage
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAYOSE = Path(os.environ.get("NAYOSE", ROOT / "build/release/bin/nayose"))
FILES = ["hospital.csv", "clinic.csv", "pharmacy.csv", "dental.csv", "care.csv"]


def nayose(*args):
    done = subprocess.run([str(NAYOSE), *map(str, args)], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{args}: exit {done.returncode}: {done.stderr}")
    return done.stdout


def region(folder, persons, seed, dirt):
    nayose("generate", "--persons", persons, "--seed", seed, "--dirt", dirt, "--output", folder, "--force")
    return [p for p in (folder / f for f in FILES) if p.exists()]


def dedupe(files, truth, out, *more):
    nayose("dedupe", *files, "--truth", truth, "--output", out, "--force", *more)
    return json.loads((out / "evaluation.json").read_text())["pairs"]


def labels_from_truth(run, truth, out, count, seed):
    out.unlink(missing_ok=True)
    nayose("label", run, "--count", count, "--seed", seed, "--truth", truth, "--output", out)
    return out


def label_gain(temp, args):
    """Pairwise F1 with 500 labels that nayose label asked for, less F1 without: ten draws a region."""
    regions = []
    for seed, dirt in args.regions:
        folder = temp / f"r{seed}"
        files, truth = region(folder, args.persons, seed, dirt), folder / "truth.csv"
        figures = {"seed": seed, "dirt": dirt}
        for preset in args.presets:
            base = dedupe(files, truth, folder / "out", "--preset", preset)
            gains, decided, calibrated = [], [], []
            for draw in range(1, args.draws + 1):
                labels = labels_from_truth(folder / "out", truth, folder / "labels.csv", args.labels, draw)
                learned = dedupe(files, truth, folder / "learned", "--preset", preset, "--labels", labels)
                gains.append(learned["f1"] - base["f1"])
                model = json.loads((folder / "learned/model.json").read_text())
                calibrated.append(model.get("calibration"))
                if draw == 1:
                    both = dedupe(files, truth, folder / "learned", "--preset", preset, "--labels", labels,
                                  "--decisions", labels)
                    decided.append(both["f1"] - base["f1"])
            figures[preset] = {"f1": base["f1"], "mean_gain": statistics.mean(gains), "worst": min(gains),
                               "gains": [round(g, 5) for g in gains], "calibrations": calibrated,
                               "gain_with_decisions": decided}
            print(seed, dirt, preset, json.dumps(figures[preset]), file=sys.stderr, flush=True)
        regions.append(figures)
    return regions


def audit_coverage(temp, args):
    """How often the 95 % intervals of simulated audits hold the truth."""
    seed, dirt = args.regions[0]
    folder = temp / "a"
    files, truth = region(folder, args.persons, seed, dirt), folder / "truth.csv"
    actual = dedupe(files, truth, folder / "out")
    held = {"precision": 0, "recall": 0, "recall_of_seen": 0}
    width = {name: [] for name in held}
    estimates = {name: [] for name in held}
    for draw in range(1, args.audits + 1):
        nayose("audit", folder / "out", "--seed", draw, "--count", args.answers, "--output", folder / "audit.csv")
        (folder / "answers.csv").unlink(missing_ok=True)
        nayose("label", folder / "out", "--pairs", folder / "audit.csv", "--truth", truth, "--output", folder / "answers.csv")
        told = json.loads(nayose("audit", folder / "out", "--answers", folder / "answers.csv", "--json"))
        for name in held:
            true = actual["precision" if name == "precision" else "recall"]
            held[name] += told[name]["low"] <= true <= told[name]["high"]
            width[name].append(told[name]["high"] - told[name]["low"])
            estimates[name].append(told[name]["estimate"])
        print(draw, held, file=sys.stderr, flush=True)
    return {"audits": args.audits, "answers": args.answers, "precision": actual["precision"], "recall": actual["recall"],
            "coverage": {n: held[n] / args.audits for n in held},
            "mean_estimate": {n: statistics.mean(estimates[n]) for n in held},
            "mean_width": {n: statistics.mean(width[n]) for n in held}, "unseen_pairs": told["unseen_pairs"]}


STUDIES = {s.__name__: s for s in (label_gain, audit_coverage)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("studies", nargs="*", choices=[[], *STUDIES], metavar="STUDY", help=", ".join(STUDIES))
    parser.add_argument("--persons", type=int, default=30000)
    parser.add_argument("--presets", nargs="+", default=["balanced", "safe"])
    parser.add_argument("--labels", type=int, default=500)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--audits", type=int, default=100)
    parser.add_argument("--answers", type=int, default=400)
    parser.add_argument("--regions", type=lambda t: [tuple(map(int, r.split(":"))) for r in t.split(",")],
                        default=[(4011, 1), (4012, 2)], help="seed:dirt,... (default: 4011:1,4012:2)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nayose-steward-") as temp:
        print(json.dumps({name: STUDIES[name](Path(temp), args) for name in args.studies or STUDIES}, indent=1))


if __name__ == "__main__":
    main()
