# SPDX-License-Identifier: Apache-2.0
"""The command under test and what it writes. Arguments of each test: the command, the sources."""
import csv
import json
import subprocess
import sys
from pathlib import Path

NAYOSE, ROOT = sys.argv[1], Path(sys.argv[2])
FILES = ["hospital.csv", "clinic.csv", "pharmacy.csv", "dental.csv", "care.csv"]


def run(*args, **kwargs):
    return subprocess.run([NAYOSE, *map(str, args)], capture_output=True, timeout=300, **kwargs)


def json_lines(text):
    return [json.loads(line) for line in text.splitlines()]


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def clusters(folder):
    return {(r["source"], r["record_id"]): r["cluster_id"] for r in rows(folder / "clusters.csv")}
