# SPDX-License-Identifier: Apache-2.0
"""libmpi and Splink on the same files, in turn, all of both programs counted."""
import argparse
import json
import shutil
import statistics
import sys
from datetime import datetime, timezone
from pathlib import Path

from sidebyside import measure
from sidebyside.main import ROOT, default_cache, rounded

from . import data, machine, marks, table
from .contestants import DEFAULT_SPLINK, NAYOSE, SPLINK, Field

CAP_MINUTES, CAP_GIGABYTES = 60, 20


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="bench/endtoend", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="libmpi and Splink from raw CSV files to all outputs, in turn on the same files: wall time, memory,\n"
                    "F1, blocking. Splink's recipe is frozen in bench/speed/splink_side.",
        epilog="Examples:\n"
               "  bench/endtoend --records 100000 --runs 3                a first look, two minutes\n"
               "  bench/endtoend --records 1000000 --runs 5 --easy --out bench/results/endtoend-DATE.json\n"
               "  bench/endtoend --data REGION                            a folder of nayose generate\n"
               "  bench/endtoend --table bench/results/endtoend-DATE.json --write README.md      README's table\n")
    parser.add_argument("--records", type=int, default=100_000, help="about so many are generated (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=961)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="instead of generated records")
    parser.add_argument("--easy", action="store_true", help="also the easy set: clean rows, one tight block")
    parser.add_argument("--runs", type=int, default=3, help="rounds; in each every program runs once (default: 3)")
    parser.add_argument("--splink", nargs="+", choices=list(SPLINK), default=DEFAULT_SPLINK, metavar="SETTING",
                        help="; ".join(f"{name}: {setting.what}" for name, setting in SPLINK.items()) +
                        " (default: the first two)")
    parser.add_argument("--threads", type=int, default=2, help="of each program (default: 2)")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="result file")
    parser.add_argument("--table", type=Path, metavar="FILE.json", help="print the table of a result and end")
    parser.add_argument("--write", type=Path, metavar="DOCUMENT.md", help="put it there, between the marks of speed")
    parser.add_argument("--nayose", type=Path, default=ROOT / "build/release/bin/nayose", help="the command")
    parser.add_argument("--cache", type=Path, default=default_cache(), help="environments and data (default: %(default)s)")
    parser.add_argument("--shared", action="store_true", help="note that others used the machine meanwhile")
    return parser.parse_args(argv)


def say(text):
    print(text, file=sys.stderr, flush=True)


def one_run(field, name, found, out):
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    done = measure.run(field.command(name, found, out / "run"), out / "log.txt", CAP_MINUTES, CAP_GIGABYTES)
    looked_at = name == NAYOSE and done.exit_code == 1  # done, but something needs a look
    if done.failure and not looked_at:
        raise SystemExit(f"{name}: {done.failure}\n{done.output}")
    return {"wall_s": done.wall_s, "cpu_s": done.cpu_s, "peak_mb": done.peak_rss_mb}


def rounds(field, names, found, runs, work):
    """{name: [one run a round]}; who begins changes with the round."""
    measured = {name: [] for name in names}
    for i in range(runs):
        say(f"{found.name}, round {i + 1} of {runs}")
        for name in names[i % len(names):] + names[:i % len(names)]:
            run = one_run(field, name, found, work / name)
            say(f"  {name:12} {run['wall_s']:8.2f} s  {run['cpu_s']:8.2f} s of processors  {run['peak_mb']:8.0f} MB")
            measured[name].append(run)
    return measured


def spread(values):
    return {"median": statistics.median(values), "low": min(values), "high": max(values)}


def ratios(peer, ours):
    """Theirs over ours, round by round."""
    return {key: spread([p[key] / o[key] for p, o in zip(peer, ours, strict=True)])
            for key in ("wall_s", "cpu_s", "peak_mb")}


def compared(field, names, found, runs, cache):
    work = Path(cache) / "speed" / "runs" / found.name
    measured = rounds(field, names, found, runs, work)
    tools = {}
    for name in names:
        say(f"{found.name}: judging {name}")
        tools[name] = {"runs": measured[name], **{k: spread([run[k] for run in measured[name]]) for k in measured[name][0]},
                       "scores": field.judged(name, found, work / name / "run"),
                       "blocking": field.blocking(name, found, work / name / "run")}
    records = tools[NAYOSE]["scores"]["records"]
    for tool in tools.values():
        tool["blocking"]["pairs_a_record"] = tool["blocking"]["candidate_pairs"] / records
    return {"what": found.what, "records": records, "megabytes": found.bytes / 1e6, "tools": tools,
            "ratios": {name: ratios(measured[name], measured[NAYOSE]) for name in names if name != NAYOSE}}


def main(argv=None):
    options = arguments(argv)
    if options.table:
        marks.shown(options.write, "speed", table.of(json.loads(options.table.read_text(encoding="utf-8"))))
        return 0
    if not options.nayose.is_file():
        raise SystemExit(f"{options.nayose}: not there; tools/build release nayose")
    field = Field(options.nayose, options.cache, options.threads)
    main_set = data.given(options.data) if options.data else data.region(
        options.nayose, options.cache, options.records, options.seed)
    sets = [main_set] + ([data.easy(options.cache, options.records, options.seed)] if options.easy else [])
    result = {"at": datetime.now(timezone.utc).isoformat(timespec="seconds"), "threads": options.threads,
              "machine": machine.described(options.shared), "versions": field.versions(), "sets": {}}
    for found in sets:
        result["sets"][found.name] = compared(field, [NAYOSE, *options.splink], found, options.runs, options.cache)
        if options.out:
            options.out.write_text(json.dumps(rounded(result), indent=1) + "\n", encoding="utf-8")
    print(table.of(result))
    return 0
