# SPDX-License-Identifier: Apache-2.0
"""What a run of libmpi costs against the number of records, errors, household size and how common names are."""
import argparse
import csv
import json
import math
import shutil
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

from sidebyside.main import ROOT, default_cache, rounded

from . import data, households, machine, marks
from .contestants import NAYOSE, Field
from .endtoend import one_run

SIZES, QUICK_SIZES = [10_000, 100_000, 1_000_000], [10_000, 30_000, 100_000]
DIRT = [0, 1, 2, 4, 8]
HOUSEHOLDS = [1, 4, 16, 64, 256, 1024]
NAME_POWERS = [1, 1.5, 2, 3]
MOST_EVALUATED_BLOCKING = 2_000_000  # records; beyond, finding what blocking missed takes longer than the run
CLIFF = 1.2  # an exponent above it between two sizes is called a cliff


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="bench/growth", formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__,
        epilog="Examples:\n  bench/growth --quick                                 three minutes\n"
               "  bench/growth --sizes 10000 100000 1000000 10000000 --out bench/results/growth-DATE.json\n"
               "  bench/growth --series records --sizes 1000000 50000000   needs 20 GB of disk\n")
    parser.add_argument("--series", nargs="+", choices=list(SERIES), default=list(SERIES), metavar="SERIES",
                        help=" ".join(SERIES))
    parser.add_argument("--sizes", nargs="+", type=int, help="records of the series `records` "
                        f"(default: {' '.join(map(str, SIZES))})")
    parser.add_argument("--base", type=int, help="records of the other series (default: 100000)")
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--seed", type=int, default=51)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--options", default="", help="more options of nayose dedupe, in one string")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="result file")
    parser.add_argument("--table", type=Path, metavar="FILE.json", help="print the tables of a result and end")
    parser.add_argument("--write", type=Path, metavar="DOCUMENT.md", help="put them there, between the marks of growth")
    parser.add_argument("--nayose", type=Path, default=ROOT / "build/release/bin/nayose", help="the command")
    parser.add_argument("--cache", type=Path, default=default_cache(), help="data (default: %(default)s)")
    parser.add_argument("--keep", action="store_true", help="keep generated data of more than a million records")
    parser.add_argument("--shared", action="store_true", help="note that others used the machine meanwhile")
    options = parser.parse_args(argv)
    options.sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    options.base = options.base or (30_000 if options.quick else 100_000)
    return options


def point(field, x, found, cache):
    out = Path(cache) / "speed" / "runs" / "growth"
    run = one_run(field, NAYOSE, found, out)
    summary = json.loads((out / "run" / "summary.json").read_text(encoding="utf-8"))
    scores = field.judged(NAYOSE, found, out / "run")
    records = summary["records"]
    row = {"x": x, "records": records, "megabytes": found.bytes / 1e6, **run,
           "records_per_s": records / run["wall_s"], "pairs_a_record": summary["candidate_pairs"] / records,
           "links_a_record": summary["links"] / records,
           "bytes_a_record": run["peak_mb"] * 1e6 / records, **scores}
    if records <= MOST_EVALUATED_BLOCKING and (out / "run" / "state").is_dir():
        row["blocking_recall"] = field.blocking(NAYOSE, found, out / "run")["recall"]
    shutil.rmtree(out)
    print(line(row), flush=True)
    return row


def line(row):
    recall = f"{row['blocking_recall']:.4f}" if "blocking_recall" in row else "     –"
    return (f"  {row['x']:>10} {row['records']:>10,} {row['wall_s']:9.2f} {row['cpu_s']:9.2f} "
            f"{row['records_per_s']:10,.0f} {row['peak_mb']:9,.0f} {row['pairs_a_record']:8.2f} {recall} "
            f"{row['precision']:9.4f} {row['recall']:7.4f} {row['f1']:7.4f}")


HEADER = ("           x    records         s   processor  records/s   peak MB  pairs/rec blocking "
          "precision  recall      F1")


def by_records(options):
    for records in options.sizes:
        found = data.region(options.nayose, options.cache, records, options.seed)
        yield records, found
        if records > 1_000_000 and not options.keep:
            shutil.rmtree(found.truth.parent)


def by_dirt(options):
    for dirt in DIRT[:3] if options.quick else DIRT:
        yield dirt, data.region(options.nayose, options.cache, options.base, options.seed, dirt)


def by_household(options):
    region = data.region(options.nayose, options.cache, options.base, options.seed)
    for size in HOUSEHOLDS[::2] if options.quick else HOUSEHOLDS:
        folder = Path(options.cache) / "speed" / f"households_{options.base}_{size}"
        households.regroup(region, folder, size)
        yield size, data.given(folder)
        shutil.rmtree(folder)


def by_names(options):
    for power in NAME_POWERS[::2] if options.quick else NAME_POWERS:
        found = data.region(options.nayose, options.cache, options.base, options.seed, name_power=power)
        yield f"{100 * commonest_share(found.truth):.1f} %", found


def commonest_share(truth):
    with open(truth, encoding="utf-8", newline="") as file:
        names = Counter(row["true_family_name"] for row in csv.DictReader(file) if row["true_family_name"])
    return max(names.values()) / sum(names.values())


SERIES = {"records": by_records, "dirt": by_dirt, "household": by_household, "names": by_names}
TITLES = {"records": "records asked for", "dirt": "dirt: multiplies every error rate",
          "household": "household: persons who share card, address, phone",
          "names": "names: share of the commonest family name"}


def slope(points, key):
    """Exponent of cost against records: least squares in logarithms."""
    logs = [(math.log(p["records"]), math.log(max(key(p), 1e-9))) for p in points]
    mean_x, mean_y = (sum(column) / len(logs) for column in zip(*logs))
    spread = sum((x - mean_x) ** 2 for x, _ in logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / spread if spread else float("nan")


def exponents(points):
    """Of the whole, of memory, and of each stage, over all sizes; and between neighbours."""
    found = {"processor time": slope(points, lambda p: p["cpu_s"]), "peak memory": slope(points, lambda p: p["peak_mb"]),
             "pairs a record": slope(points, lambda p: p["pairs_a_record"])}
    stages = {stage: slope(points[-2:], lambda p, s=stage: p["stages_s"].get(s, 0) + 0.01) for stage in points[-1]["stages_s"]}
    steps = [{"from": a["records"], "to": b["records"], "exponent": slope([a, b], lambda p: p["cpu_s"])}
             for a, b in zip(points, points[1:])]
    return {"all": found, "stages by the clock, two largest": stages, "steps": steps}


def verdict(found, shared):
    """In words. Stages are timed by the clock, which tells nothing on a machine that others use."""
    lines = [f"  {name}: records to the power of {value:.2f}" for name, value in found["all"].items()]
    lines += [f"  {step['from']:,} to {step['to']:,}: {step['exponent']:.2f}" for step in found["steps"]]
    steep = [f"{stage} {value:.2f}" for stage, value in found["stages by the clock, two largest"].items() if value > CLIFF]
    cliffs = [step for step in found["steps"] if step["exponent"] > CLIFF]
    lines.append("  no cliff: near-linear" if not cliffs else
                 "  CLIFF: " + ", ".join(f"{c['from']:,} to {c['to']:,}" for c in cliffs))
    if steep and not shared:
        lines.append("  stages that grow faster than the records: " + ", ".join(steep))
    return "\n".join(lines)


COLUMNS = "records | s | processor s | records/s | peak GB | pairs a record | blocking recall | precision | recall | F1"


def table_row(point):
    recall = f"{point['blocking_recall']:.4f}" if "blocking_recall" in point else "–"
    return (f"| {point['x']} | {point['records']:,} | {point['wall_s']:.1f} | {point['cpu_s']:.1f} | "
            f"{point['records_per_s']:,.0f} | {point['peak_mb'] / 1e3:.2f} | {point['pairs_a_record']:.1f} | {recall} | "
            f"{point['precision']:.4f} | {point['recall']:.4f} | {point['f1']:.4f} |")


def tables(result):
    """In Markdown."""
    parts = []
    for name, points in result["series"].items():
        title = TITLES[name].split(":")[0]
        lines = [f"| {title} | {COLUMNS} |", "|---" * (COLUMNS.count("|") + 2) + "|", *map(table_row, points)]
        parts.append("\n".join(lines))
    if "exponents" in result:
        found = ", ".join(f"{name} {value:.2f}" for name, value in result["exponents"]["all"].items())
        parts.insert(1, f"Powers of the number of records: {found}.")
    parts.append(f"{result['at'][:10]}, {machine.line(result['machine'])}.")
    return "\n\n".join(parts)


def main(argv=None):
    options = arguments(argv)
    if options.table:
        marks.shown(options.write, "growth", tables(json.loads(options.table.read_text(encoding="utf-8"))))
        return 0
    if not options.nayose.is_file():
        raise SystemExit(f"{options.nayose}: not there; tools/build release nayose")
    field = Field(options.nayose, options.cache, options.threads, tuple(options.options.split()))
    result = {"at": datetime.now(timezone.utc).isoformat(timespec="seconds"), "threads": options.threads,
              "options": options.options, "machine": machine.described(options.shared), "series": {}}
    for name in options.series:
        print(f"{TITLES[name]}\n{HEADER}", flush=True)
        points = [point(field, x, found, options.cache) for x, found in SERIES[name](options)]
        result["series"][name] = points
        if name == "records" and len(points) > 1:
            result["exponents"] = exponents(points)
            print(verdict(result["exponents"], options.shared), flush=True)
        if options.out:
            options.out.write_text(json.dumps(rounded(result), indent=1) + "\n", encoding="utf-8")
    return 0

