#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files that no region has (all records alike, all empty, one household of everybody): does nayose dedupe end in
bounded time and memory, and does it say what it found? See README.md here, "Pathological inputs"."""
import argparse
import csv
import json
import math
import os
import resource
import shutil
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "accuracy")]
from sidebyside.main import ROOT, rounded  # noqa: E402
from speed import machine, marks  # noqa: E402
from speed.pathological_files import MAKERS, write  # noqa: E402

SIZES = [10_000, 30_000, 100_000]
CLIFF = 1.25  # an exponent above it between two sizes is called a cliff
GIGABYTE = 1 << 30


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="bench/pathological.py", formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__,
        epilog="Files:\n" + "\n".join(f"  {kind:20} {what}" for kind, (_, what) in MAKERS.items()) +
               "\n\nExamples:\n  bench/pathological.py --kinds empty household\n"
               "  bench/pathological.py --sizes 10000 100000 1000000 --out bench/results/pathological-DATE.json\n"
               "  bench/pathological.py --table bench/results/pathological-DATE.json --write bench/README.md\n")
    parser.add_argument("--kinds", nargs="+", choices=list(MAKERS), default=list(MAKERS), metavar="KIND")
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, help="rows (default: 10000 30000 100000)")
    parser.add_argument("--limit", type=int, default=300, help="processor seconds a run may take (default: 300)")
    parser.add_argument("--memory", type=float, default=8, help="GB of address space for data a run may take (default: 8)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--options", default="", help="more options of nayose dedupe, in one string")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="result file")
    parser.add_argument("--table", type=Path, metavar="FILE.json", help="print the table of a result and end")
    parser.add_argument("--write", type=Path, metavar="DOCUMENT.md",
                        help="put it there, between the marks of pathological")
    parser.add_argument("--nayose", type=Path, default=ROOT / "build/release/bin/nayose", help="the command")
    parser.add_argument("--temp", type=Path, help="folder for files and runs")
    parser.add_argument("--warnings", action="store_true", help="print the warnings of each run")
    parser.add_argument("--shared", action="store_true", help="note that others used the machine meanwhile")
    return parser.parse_args(argv)


def limited_run(command, log, seconds, gigabytes):
    """Processor seconds, peak MB and exit code; code -9 or -24 of a run that was stopped for its time."""
    pid = os.fork()
    if pid == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
            resource.setrlimit(resource.RLIMIT_DATA, (int(gigabytes * GIGABYTE),) * 2)
            with open(log, "wb") as file:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
            os.execv(command[0], command)
        finally:
            os._exit(127)
    _, status, used = os.wait4(pid, 0)
    return {"cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024,
            "exit": os.waitstatus_to_exitcode(status)}


def rows_in(path):
    with open(path, encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def one_run(options, kind, size, work):
    data, out = work / "patients.csv", work / "run"
    rows = write(kind, size, data)
    shutil.rmtree(out, ignore_errors=True)
    found = {"kind": kind, "rows": rows, "megabytes": data.stat().st_size / 1e6}
    found |= limited_run([str(options.nayose), "dedupe", str(data), "--output", str(out), "--no-progress", "--threads",
                          str(options.threads), *options.options.split()], work / "log.txt", options.limit, options.memory)
    summary = out / "summary.json"
    if summary.is_file():
        said = json.loads(summary.read_text(encoding="utf-8"))
        found |= {key: said[key] for key in ("records", "rows_rejected", "candidate_pairs", "clusters", "largest_cluster",
                                             "review_items", "links", "findings", "warnings", "confident")}
        found["stages_s"] = {stage["stage"]: stage["seconds"] for stage in said["stages"]}
        found["output_mb"] = sum(p.stat().st_size for p in out.rglob("*") if p.is_file()) / 1e6
    else:
        found["failure"] = (work / "log.txt").read_text(encoding="utf-8", errors="replace")[-400:].strip()
    print(line(found), flush=True)
    if options.warnings or "failure" in found:
        for warning in found.get("warnings", [found.get("failure") or "stopped for its time"]):
            print("      " + warning, flush=True)
    shutil.rmtree(out, ignore_errors=True)
    data.unlink()
    return found


HEADING = (f"{'file':20} {'rows':>9} {'records':>9} {'cpu s':>8} {'peak MB':>8} {'out MB':>7} {'pairs':>11} {'links':>10} "
           f"{'clusters':>9} {'largest':>8} {'review':>8} {'findings':>9} warnings exit")


def line(run):
    head = f"{run['kind']:20} {run['rows']:9,} "
    if "failure" in run:
        return head + f"{'':9} {run['cpu_s']:8.1f} {run['peak_mb']:8,.0f}  exit {run['exit']}"
    return head + (f"{run['records']:9,} {run['cpu_s']:8.1f} {run['peak_mb']:8,.0f} {run['output_mb']:7,.0f} "
                   f"{run['candidate_pairs']:11,} {run['links']:10,} {run['clusters']:9,} {run['largest_cluster']:8,} "
                   f"{run['review_items']:8,} {sum(run['findings'].values()):9,} {len(run['warnings']):8} {run['exit']:4}")


def exponent(a, b):
    """Of processor time against rows, the tenth of a second that any run takes aside."""
    return math.log(max(b["cpu_s"] - 0.1, 0.01) / max(a["cpu_s"] - 0.1, 0.01)) / math.log(b["rows"] / a["rows"])


COLUMNS = ["file", "rows", "records", "processor s", "power", "peak GB", "candidate pairs", "clusters", "largest",
           "review items", "findings", "warnings"]


def table_row(run, before):
    if "failure" in run:
        return f"| {run['kind']} | {run['rows']:,} | | {run['cpu_s']:.1f} (stopped) | | {run['peak_mb'] / 1e3:.2f} |" + " |" * 6
    power = f"{exponent(before, run):.2f}" if before and before["rows"] < run["rows"] and run["cpu_s"] > 1 else "–"
    return (f"| {run['kind']} | {run['rows']:,} | {run['records']:,} | {run['cpu_s']:.1f} | {power} | "
            f"{run['peak_mb'] / 1e3:.2f} | {run['candidate_pairs']:,} | {run['clusters']:,} | {run['largest_cluster']:,} | "
            f"{run['review_items']:,} | {sum(run['findings'].values()):,} | {len(run['warnings'])} |")


def table(result):
    """In Markdown, the largest size of each kind; `power` is against the size before."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
    for kind in MAKERS:
        runs = [run for run in result["runs"] if run["kind"] == kind]
        if runs:
            lines.append(table_row(runs[-1], runs[-2] if len(runs) > 1 else None))
    return "\n".join(lines) + f"\n\n{result['at'][:10]}, {machine.line(result['machine'])}."


def cliffs(runs):
    return [f"{b['kind']}: {a['rows']:,} to {b['rows']:,} rows to the power of {exponent(a, b):.2f}"
            for a, b in zip(runs, runs[1:])
            if a["kind"] == b["kind"] and b["cpu_s"] > 2 and b["rows"] > a["rows"] and exponent(a, b) > CLIFF]


def main(argv=None):
    options = arguments(argv)
    if options.table:
        marks.shown(options.write, "pathological", table(json.loads(options.table.read_text(encoding="utf-8"))))
        return 0
    if not options.nayose.is_file():
        raise SystemExit(f"{options.nayose}: not there; tools/build release nayose")
    result = {"at": datetime.now(timezone.utc).isoformat(timespec="seconds"), "threads": options.threads,
              "options": options.options, "machine": machine.described(options.shared), "runs": []}
    work = Path(tempfile.mkdtemp(prefix="pathological.", dir=options.temp))
    try:
        print(HEADING, flush=True)
        for kind in options.kinds:
            for size in options.sizes:
                run = one_run(options, kind, size, work)
                result["runs"].append(run)
                if "failure" in run:
                    break  # larger ones end no sooner
            if options.out:
                options.out.write_text(json.dumps(rounded(result), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    for cliff in cliffs(result["runs"]):
        print("CLIFF: " + cliff)
    failed = [run for run in result["runs"] if "failure" in run or run["exit"] not in (0, 1)]
    for run in failed:
        print(f"DID NOT END WELL: {run['kind']} of {run['rows']:,} rows")
    return 1 if failed or cliffs(result["runs"]) else 0


if __name__ == "__main__":
    sys.exit(main())
