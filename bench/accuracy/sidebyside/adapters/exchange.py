# SPDX-License-Identifier: Apache-2.0
"""What an adapter reads and writes; standard library only, since every tool's environment imports it.

    adapter.py JOB OUT      JOB is a JSON file, OUT a folder

JOB: set, family, variant (of the recipe), kind ("single" or "link"), lists (paths of CSV files), truth (path),
one_to_one (a link set whose lists both hold a person once; else only list a does), fields and blocks
(families.py), derived (columns). OUT afterwards:
    edges.csv        left,right,score: scored pairs, to be clustered at any threshold
    clusters/*.csv   record_id,cluster: the tool's own clusterings, one file a threshold
    scope.csv        record_id: records to score, if not all
    meta.json        default: {"threshold": t} or {"clusters": file}; what: one sentence on the recipe;
                     seconds: what the tool took
"""
import csv
import json
import sys
from pathlib import Path

NOT_AVAILABLE = 77  # exit code of an adapter whose tool cannot do this set; the reason is its last line


def job():
    """(job, folder to write to)."""
    with open(sys.argv[1], encoding="utf-8") as file:
        return json.load(file), Path(sys.argv[2])


def read_list(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_truth(task):
    return {row["record_id"]: row["person_id"] for row in read_list(task["truth"])}


def write_rows(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_edges(out, edges):
    write_rows(out / "edges.csv", ["left", "right", "score"], edges)


def write_clusters(out, name, groups):
    """Groups of record ids; records in none are alone."""
    rows = ((record, i) for i, group in enumerate(groups) for record in group)
    write_rows(out / "clusters" / f"{name}.csv", ["record_id", "cluster"], rows)


def write_meta(out, default, what, seconds):
    """`seconds`: reading, learning, scoring and the default clustering, without what only the sweep needs."""
    with open(out / "meta.json", "w", encoding="utf-8") as file:
        json.dump({"default": default, "what": what, "seconds": round(seconds, 2)}, file)
