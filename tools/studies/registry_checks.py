#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The registry's tests in their long forms, one study a line of bench/results/registry-checks-DATE.txt.

    tools/studies/registry_checks.py                       all studies, hours
    tools/studies/registry_checks.py --list                the studies
    tools/studies/registry_checks.py --only kills rot      some of them
    tools/studies/registry_checks.py --short --output -    the short forms that the suite runs, to try this script

A study that fails does not keep the others from running; the exit code is 1 then.
"""
import argparse
import datetime
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = Path(os.environ.get("REGISTRY_TESTS", ROOT / "build/release/tests"))

# Name, what it shows, the folder of the tests, their filter. All have a long form.
STUDIES = [
    ("random_histories", "1,000 random histories against an oracle and a batch run", "registry", "RandomHistories*"),
    ("order", "1,000 permutations of puts", "registry", "OrderTest*"),
    ("inverses", "100,000 changes taken back one by one, 100,000 in chains", "registry", "InversesTest*"),
    ("registry_kills", "200 kills -9 of a registry under load", "registry", "RegistryKillTest*"),
    ("store_kills", "200 kills -9 of a store under load, 300 of loads", "registry", "StoreKill.*"),
    ("faults", "an error of the disk, or a power cut, at every write of a history", "registry", "StoreFault*"),
    ("rot", "10,000 flipped bits, 5,000 in each list, every bit of a MANIFEST", "registry", "StoreRot.*"),
    ("relinking", "2,000 new models amid changes of every kind", "registry", "RelinkTest*"),
    ("values", "20,000,000 damaged values", "registry", "RegistryValuesTest*"),
    ("imports", "200,000 damaged imports", "tools", "RegistryImportTest*"),
    ("overlay", "overlays, honest revisions and twins", "registry", "OverlayStudy*"),
    ("concurrency", "16 threads, 160,000 changes", "registry", "ConcurrencyTest*"),
]


def tests_of(program, pattern):
    listed = subprocess.run([program, "--gtest_list_tests", f"--gtest_filter={pattern}"], capture_output=True,
                            text=True, check=True).stdout
    return len(re.findall(r"(?m)^  \S", listed))


def figures(output):
    """What a test printed itself: no line of googletest's."""
    noise = re.compile(r"^(\[|Running main|Note: |\s*$|=+|.*\.cc:\d+: Skipped|a part of other tests)")
    return [line.strip() for line in output.splitlines() if not noise.match(line)]


def run(name, program, pattern, long_form):
    """(passed, seconds, figures, the end of the output)."""
    environment = dict(os.environ)
    environment.pop("LIBMPI_LONG", None)
    if long_form:
        environment["LIBMPI_LONG"] = "1"
    start = time.monotonic()
    process = subprocess.Popen([program, f"--gtest_filter={pattern}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env=environment, text=True, errors="replace")
    output = []
    for line in process.stdout:
        output.append(line)
        if line.startswith("[ RUN") or figures(line):
            print(f"    {name}: {line.rstrip()}"[:160], flush=True)
    passed = process.wait() == 0 and any(line.startswith("[  PASSED  ]") for line in output)
    return passed, time.monotonic() - start, figures("".join(output)), "".join(output[-30:])


def processor():
    try:
        return re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text()).group(1)
    except (OSError, AttributeError):
        return platform.machine()


def revision():
    done = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these studies")
    parser.add_argument("--list", action="store_true", help="list the studies and end")
    parser.add_argument("--short", action="store_true", help="the short forms, which show nothing but that this works")
    parser.add_argument("--output", help="file to write (- for none)")
    args = parser.parse_args()
    if args.list:
        for name, what, _, pattern in STUDIES:
            print(f"{name:18} {pattern:22} {what}")
        return 0
    unknown = set(args.only or ()) - {study[0] for study in STUDIES}
    if unknown:
        parser.error(f"no such study: {', '.join(sorted(unknown))} (--list names them)")
    studies = [study for study in STUDIES if not args.only or study[0] in args.only]
    if args.short and args.output is None:
        args.output = "-"
    output = Path(args.output) if args.output else ROOT / f"bench/results/registry-checks-{datetime.date.today()}.txt"
    lines = [f"registry checks, {datetime.date.today()}, {revision()}, {os.cpu_count()} cores {processor()}"
             + (", short forms" if args.short else "")]
    failed = []
    for number, (name, what, folder, pattern) in enumerate(studies, 1):
        program = TESTS / folder / f"{folder}_tests"
        command = ("" if args.short else "LIBMPI_LONG=1 ") + f"{folder}_tests --gtest_filter='{pattern}'"
        print(f"[{number}/{len(studies)}] {name}: {what}", flush=True)
        try:
            if tests_of(program, pattern) == 0:
                raise ValueError(f"no test is named {pattern}")
            passed, seconds, told, end = run(name, program, pattern, not args.short)
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            told = [str(error) if isinstance(error, ValueError) else f"{folder}_tests cannot be run"]  # no paths
            passed, seconds, end = False, 0.0, str(error)
        if not passed:
            failed.append(name)
            print(end, file=sys.stderr)
        verdict = "passed" if passed else "FAILED"
        lines.append(f"{name}: {verdict}, {seconds:.0f} s: {command}: {'; '.join(told) or 'no figures'}")
        print(f"[{number}/{len(studies)}] {name}: {verdict}, {seconds:.0f} s", flush=True)
        if args.output != "-":  # after each: what was measured is kept whatever comes
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
