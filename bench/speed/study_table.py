# SPDX-License-Identifier: Apache-2.0
"""The constants of docs/scale.md from result files, and what follows from them for a larger population.

    bench/scale --kernels KERNELS.json --growth GROWTH.json [--write docs/scale.md]    the study's two tables
    bench/scale --kernels KERNELS.json [--write bench/README.md]                       every step, one core
    bench/scale --kernels KERNELS.json --keep bench/results/kernels-DATE.json          without names of hosts and paths

GROWTH.json is of bench/growth (its largest size of the series `records` is taken), KERNELS.json of
`nayose_bench --benchmark_out=KERNELS.json --benchmark_out_format=json`. --write puts the tables between the
document's marks.
"""
import argparse
import json
from pathlib import Path

from . import marks

# What is assumed, not measured; docs/scale.md says why.
RECORDS, PERSONS = 1_000_000_000, 125_000_000
COPIES = 7             # of a record's features on the wire: one a family of blocking rules
FEATURE_BYTES = 250    # of a record on the wire: 153 of features as Arrow columns, 92 of keys, not packed
PAIRS_A_RECORD = 20    # at a thousand million records: the most that a plan may have
CORE_MB_S = 200        # a core writes and reads back so many bytes of shuffled columns a second
NETWORK_GB_S = 8       # the cluster's all together, of 8 machines
CORES = 64
KEY_BYTES, EDGE_BYTES = 16, 20  # (key, row); (row, row, weight)
ROUNDS = 4             # in which clusters of some ten records are connected
PRIVATE = ("host_name", "executable")


def cpu_us(kernels, name):
    """Microseconds of a processor an item."""
    return 1e6 / items_a_second(kernels, name)


def items_a_second(kernels, name):
    """By processor time: other work on the machine does not count."""
    run = kernels[name]
    return run["items_per_second"] * (run["real_time"] / run["cpu_time"] if "/real_time" in name else 1)


def constants(growth, kernels):
    """What was measured, of the largest run and of single steps."""
    run = max(growth["series"]["records"], key=lambda point: point["records"])
    return {"records": run["records"], "cpu_s": run["cpu_s"], "pairs_a_record": run["pairs_a_record"],
            "peak_mb": run["peak_mb"], "megabytes": run["megabytes"], "f1": run["f1"],
            "links_a_record": run["links_a_record"],
            "standardize_us": cpu_us(kernels, "BM_Standardize"), "encode_us": cpu_us(kernels, "BM_Encode"),
            "key_us": cpu_us(kernels, "BM_Key"), "pair_us": cpu_us(kernels, "BM_CompareAndScore"),
            "parse_us": cpu_us(kernels, "BM_ParseFields"), "cluster_us": cpu_us(kernels, "BM_Cluster"),
            "feature_bytes": kernels["BM_Encode"]["bytes/record"], "key_bytes": kernels["BM_Key"]["bytes/record"]}


def estimate(found, records=RECORDS):
    """What `records` cost."""
    measured = found["cpu_s"] / found["records"]
    more_pairs = max(0, PAIRS_A_RECORD - found["pairs_a_record"]) * found.get("pair_us", 0.3) * 1e-6
    keys_gb = records * found.get("key_bytes", 92) / 8 * KEY_BYTES / 1e9
    features_gb = records * COPIES * FEATURE_BYTES / 1e9
    edges_a_record = (records / PERSONS - 1) / 2 if records > PERSONS else found["links_a_record"]
    edges_gb = records * edges_a_record * EDGE_BYTES / 1e9
    cluster_gb = ROUNDS * edges_gb + records * FEATURE_BYTES / 1e9
    moved_gb = keys_gb + features_gb + edges_gb + cluster_gb
    engine_hours = records * (measured + more_pairs) / 3600
    shuffle_hours = moved_gb * 1e3 / CORE_MB_S / 3600
    return {"keys_gb": keys_gb, "features_gb": features_gb, "edges_gb": edges_gb, "cluster_gb": cluster_gb,
            "moved_tb": moved_gb / 1e3, "engine_hours": engine_hours, "shuffle_hours": shuffle_hours,
            "core_hours": engine_hours + shuffle_hours,
            "minutes": (engine_hours + shuffle_hours) / CORES * 60 + moved_gb / NETWORK_GB_S / 60}


def constants_table(found, at, processor):
    rows = [("parse a row into fields", f"{found['parse_us']:.2f} µs a record", f"{found['megabytes'] * 1e6 / found['records']:.0f} B of CSV"),
            ("standardize", f"{found['standardize_us']:.1f} µs a record", ""),
            ("encode", f"{found['encode_us']:.2f} µs a record", f"{found['feature_bytes']:.0f} B, texts apart"),
            ("blocking keys", f"{found['key_us']:.2f} µs a record", f"{found['key_bytes']:.0f} B, {found['key_bytes'] / 8:.1f} keys"),
            ("compare and score", f"{found['pair_us']:.2f} µs a pair", f"{found['pairs_a_record']:.1f} pairs a record"),
            ("cluster", f"{found['cluster_us']:.2f} µs a record", f"{found['links_a_record']:.2f} links a record"),
            ("**all, raw CSV to outputs**", f"**{1e6 * found['cpu_s'] / found['records']:.1f} µs a record**",
             f"{found['peak_mb'] * 1e6 / found['records']:.0f} B of memory")]
    lines = ["| step | one core | size |", "|---|---|---|"] + [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines + ["", f"{at}, {found['records']:,} records, F1 {found['f1']:.4f}; {processor}."])


def estimate_table(found):
    sizes = [100_000_000, 235_000_000, RECORDS]
    columns = [estimate(found, records) for records in sizes]
    rows = [("keys, for counting the common ones", "keys_gb", "GB"), ("features and keys, by block", "features_gb", "GB"),
            ("edges", "edges_gb", "GB"), ("connecting, and features by component", "cluster_gb", "GB"),
            ("**moved in all**", "moved_tb", "TB"), ("core-hours in the engine", "engine_hours", ""),
            ("core-hours of moving", "shuffle_hours", ""), ("**core-hours**", "core_hours", ""),
            (f"**minutes on {CORES} cores**", "minutes", "")]
    lines = ["| | " + " | ".join(f"{n // 10**6:,} M records" for n in sizes) + " |", "|---|" + "---|" * len(sizes)]
    for title, key, unit in rows:
        lines.append(f"| {title} | " + " | ".join(f"{shown(column[key])} {unit}".strip() for column in columns) + " |")
    return "\n".join(lines)


def shown(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"


def kernels_table(kernels):
    """One thread: of more, the processor time of the others is not counted."""
    lines = ["| step | µs each, one core | each second | bytes a record |", "|---|---|---|---|"]
    for name, run in kernels.items():
        if "threads:2" in name or "items_per_second" not in run:
            continue
        title = name.removeprefix("BM_").removesuffix("/real_time").replace("/threads:1", "")
        size = f"{run['bytes/record']:.0f}" if "bytes/record" in run else ""
        each = cpu_us(kernels, name)
        lines.append(f"| {title.split('/iterations')[0]} | {each:.3g} | {1e6 / each:,.0f} | {size} |")
    return "\n".join(lines)


def study_tables(growth, kernels):
    found, machine = constants(growth, kernels), growth["machine"]
    measured = constants_table(found, growth["at"][:10], f"{machine['processor']}, {machine['cores']} cores")
    return f"{measured}\n\n{estimate_table(found)}"


def public(result):
    """Without the names of the host and of the program's folder."""
    return result | {"context": {key: value for key, value in result["context"].items() if key not in PRIVATE}}


def main(argv=None):
    parser = argparse.ArgumentParser(prog="bench/scale", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernels", type=Path, required=True)
    parser.add_argument("--growth", type=Path)
    parser.add_argument("--write", type=Path, metavar="DOCUMENT.md")
    parser.add_argument("--keep", type=Path, metavar="FILE.json")
    options = parser.parse_args(argv)
    result = json.loads(options.kernels.read_text(encoding="utf-8"))
    kernels = {run["name"]: run for run in result["benchmarks"]}
    if options.keep:
        options.keep.write_text(json.dumps(public(result), indent=1) + "\n", encoding="utf-8")
    if options.growth:
        growth = json.loads(options.growth.read_text(encoding="utf-8"))
        marks.shown(options.write, "constants", study_tables(growth, kernels))
    else:
        marks.shown(options.write, "kernels", kernels_table(kernels))
    return 0
