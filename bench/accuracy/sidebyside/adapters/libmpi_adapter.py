# SPDX-License-Identifier: Apache-2.0
"""libmpi by its command, default settings throughout: a region by the Japanese default schema, any other list by
the schema that `nayose schema suggest` proposes for it. Nothing here may look at the truth."""
import csv
import subprocess
import sys
import time

import exchange


class NotAvailable(Exception):
    """This nayose cannot do it."""


def nayose(task, *arguments):
    done = subprocess.run([task["nayose"], *map(str, arguments)], capture_output=True, text=True)
    if done.returncode not in (0, 1):  # 1: done, something needs a look
        message = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"nayose {arguments[0]}: {message[:300]}")
    return done.stdout


def knows(task, *words):
    """Whether the command's help knows of all the words after the first, which is its subcommand."""
    done = subprocess.run([task["nayose"], words[0], "--help"], capture_output=True, text=True)
    return done.returncode == 0 and all(word in done.stdout for word in words[1:])


def schema_of(task, out):
    if not knows(task, "schema", "suggest") or not knows(task, "dedupe", "--schema"):
        raise NotAvailable("this nayose has no schema mode")
    path = out / "schema.json"
    path.write_text(nayose(task, "schema", "suggest", task["lists"][0]), encoding="utf-8")
    return path


def dedupe_list(task, out):
    nayose(task, "dedupe", task["lists"][0], "--schema", schema_of(task, out), "--output", out / "run")
    return {}


def link_lists(task, out):
    """Each of b to a; which list holds a person once is known to whoever links, so it is said."""
    schema = schema_of(task, out)
    a, b = task["lists"]
    to = "--to" if knows(task, "link", "--to ") else "--reference"
    one_to_one = ["--one-to-one"] if task["one_to_one"] else []
    nayose(task, "link", b, to, a, "--schema", schema, *one_to_one, "--output", out / "run")
    return {}


def dedupe_region(task, out):
    """The region as the facilities write it; its records by the numbers that the flat list gives them."""
    number = {}
    for path in task["region"]:
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                number[row["source"], row["record_id"]] = f"{len(number) + 1:06d}"
    nayose(task, "dedupe", *task["region"], "--output", out / "run", "--no-state")
    return number


def main():
    task, out = exchange.job()
    if task["family"] == "region_clean":
        raise NotAvailable("standardizes by itself: see the raw region")
    started = time.monotonic()
    run = dedupe_region if task["region"] else (link_lists if task["kind"] == "link" else dedupe_list)
    number = run(task, out)
    seconds = time.monotonic() - started
    with open(out / "run" / "clusters.csv", encoding="utf-8", newline="") as file:
        rows = [(number.get((row.get("source"), row["record_id"]), row["record_id"]), row["cluster_id"])
                for row in csv.DictReader(file)]
    exchange.write_rows(out / "clusters" / "default.csv", ["record_id", "cluster"], rows)
    exchange.write_meta(out, {"clusters": "default.csv"}, "default settings", seconds)


if __name__ == "__main__":
    try:
        main()
    except NotAvailable as reason:
        print(f"not available: {reason}")
        sys.exit(exchange.NOT_AVAILABLE)
    except RuntimeError as error:
        sys.exit(str(error))
