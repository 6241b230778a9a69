# SPDX-License-Identifier: Apache-2.0
"""The command line."""
import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

from . import bout, datasets, environments, table, tools

ROOT = Path(__file__).resolve().parents[3]


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="bench/accuracy/run", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Record linkage tools side by side: one scorer, the same lists, each tool in its own environment.",
        epilog="Examples:\n"
               "  bench/accuracy/run --sets febrl1 rldata500 --tools splink recordlinkage --out FILE.json\n"
               "  bench/accuracy/run --data FOLDER --out FILE.json     every set and tool; FOLDER holds what is\n"
               "                                                       fetched by hand: see README.md\n"
               "  bench/accuracy/run --table FILE.json                 the Markdown table of a result\n"
               "  bench/accuracy/run --prepare FOLDER --sets febrl3    only writes the lists and their truth\n\n"
               "Runs already in FILE.json are kept unless --again; what cannot be had is said, not an error.")
    parser.add_argument("--sets", nargs="+", choices=list(datasets.BY_NAME), default=list(datasets.BY_NAME),
                        metavar="SET", help=" ".join(datasets.BY_NAME))
    parser.add_argument("--tools", nargs="+", choices=list(tools.BY_NAME), default=list(tools.BY_NAME),
                        metavar="TOOL", help=" ".join(tools.BY_NAME))
    parser.add_argument("--out", type=Path, help="result file (JSON); written after each run")
    parser.add_argument("--again", action="store_true", help="repeat runs that are in the result file already")
    parser.add_argument("--short", type=Path, metavar="FILE.json", help="print one row a set, F1 by tool, and end")
    parser.add_argument("--table", type=Path, metavar="FILE.json", help="print the table of a result and end")
    parser.add_argument("--prepare", type=Path, metavar="FOLDER", help="write the sets' lists there and end")
    parser.add_argument("--data", type=Path, help="folder of the files fetched by hand")
    parser.add_argument("--nayose", type=Path, default=ROOT / "build/release/bin/nayose", help="the command")
    parser.add_argument("--cache", type=Path, default=default_cache(),
                        help="environments, lists and work files (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=20, help="cap of a run's processor time (default: 20)")
    parser.add_argument("--gigabytes", type=float, default=12, help="memory cap of a run (default: 12)")
    parser.add_argument("--shared", action="store_true", help="note that others used the machine meanwhile")
    return parser.parse_args(argv)


def default_cache():
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "libmpi-accuracy"


def machine(shared):
    """What the wall times depend on."""
    model = "unknown processor"
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), model)
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) / 1e6
    return {"processor": model, "cores": os.cpu_count(), "memory_gb": round(memory, 1), "system": platform.system(),
            "python": platform.python_version(), "shared": shared}


def versions(tool, context):
    if tool.environment:
        return environments.versions(tool.environment, context.cache, tool.packages)
    if not context.nayose:
        return {}
    done = subprocess.run([context.nayose, "--version"], capture_output=True, text=True)
    return {"nayose": (done.stdout.split() or [""])[-1]}


def load_result(path):
    if path and path.is_file():
        return json.loads(path.read_text(encoding="utf-8"))
    return {"runs": [], "sets": {}, "versions": {}}


def save_result(path, result):
    if path:
        part = path.with_name(path.name + ".part")
        part.write_text(json.dumps(rounded(result), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        part.replace(path)


def rounded(value):
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


def say(text):
    print(text, file=sys.stderr, flush=True)


def prepared(name, context, folder, result):
    """The set's folder, or None with the reason told and noted."""
    try:
        found = datasets.prepare(name, context, folder / name)
    except datasets.NotObtainable as reason:
        say(f"{name}: skipped: {reason}")
        result["sets"][name] = {"skipped": str(reason)}
        return None
    truth = datasets.read_truth(found)
    sizes = [sum(1 for _ in open(path, encoding="utf-8")) - 1 for path in datasets.lists_of(found)]
    data_set = datasets.BY_NAME[name]
    result["sets"][name] = {"source": data_set.source, "kind": data_set.kind, "records": sizes,
                            "persons": len(set(truth.values())), "note": data_set.note}
    return found


def one_run(options, context, result, name, folder, tool):
    earlier = [r for r in result["runs"] if (r["set"], r["tool"]) == (name, tool.name)]
    if earlier and "not_available" not in earlier[0] and not options.again:
        return
    row = bout.run(tool, datasets.BY_NAME[name], folder, context, (options.minutes, options.gigabytes))
    row["at"] = datetime.now(timezone.utc).isoformat(timespec="seconds")
    result["runs"] = [r for r in result["runs"] if r not in earlier] + [row]
    if tool.name not in result["versions"] or options.again:
        result["versions"][tool.name] = versions(tool, context)
    save_result(options.out, result)
    say(f"{name}, {tool.shown}: {summary(row)}")


def summary(row):
    if "default" not in row:
        return row.get("failure") or f"not available: {row['not_available']}"
    oracle = f", best threshold {row['oracle']['f1']:.4f}" if "oracle" in row else ""
    return f"F1 {row['default']['f1']:.4f}{oracle}, {row['tool_s']} s, {row['peak_rss_mb']:.0f} MB"


def main(argv=None):
    options = arguments(argv)
    if options.short:
        print(table.short(load_result(options.short)))
        return 0
    if options.table:
        print(table.markdown(load_result(options.table)))
        return 0
    if not (options.out or options.prepare):
        say("give --out FILE.json (or --table, or --prepare): see --help")
        return 2
    nayose = options.nayose.resolve() if options.nayose.is_file() else None
    context = datasets.Context(options.cache, options.data, nayose)
    result = load_result(options.out)
    result["machine"] = machine(options.shared)
    result["caps"] = {"minutes": options.minutes, "gigabytes": options.gigabytes}
    for name in options.sets:
        folder = prepared(name, context, options.prepare or options.cache / "sets", result)
        if folder and not options.prepare:
            for tool in options.tools:
                one_run(options, context, result, name, folder, tools.BY_NAME[tool])
    save_result(options.out, result)
    if options.out:
        print(table.markdown(result))
    return 0
