# SPDX-License-Identifier: Apache-2.0
"""One tool on one set: the adapter run under the caps, its answers scored."""
import csv
import json
import shutil
import sys
from pathlib import Path

from . import datasets, environments, families, measure, regions, scorer
from .adapters.exchange import NOT_AVAILABLE

REFERENCE = "a"  # of a link set: the list that holds a person once
ADAPTERS = Path(__file__).with_name("adapters")


def sides(paths):
    """{record_id: list} of a link set, None of a single list."""
    if len(paths) == 1:
        return None
    found = {}
    for path in paths:
        with open(path, encoding="utf-8", newline="") as file:
            found |= {row["record_id"]: path.stem for row in csv.DictReader(file)}
    return found


def peer_lists(family, paths, folder):
    """The lists with the derived columns, and the names of those."""
    written, derived = [], []
    for path in paths:
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        columns = list(rows[0])
        rows = families.derived(family, rows)
        derived = [c for c in rows[0] if c not in columns]
        folder.mkdir(parents=True, exist_ok=True)
        datasets.write_csv(folder / path.name, list(rows[0]), rows)
        written.append(folder / path.name)
    return written, derived


def job_of(tool, data_set, prepared, work, context):
    family = families.family_of(data_set.name)
    paths = datasets.lists_of(prepared)
    derived = []
    if tool.name != "libmpi":
        paths, derived = peer_lists(family, paths, work / "lists")
    region = []
    if family.startswith("region") and context.nayose:
        records = int(data_set.name.removeprefix("region").split("k_")[0]) * 1000
        region = regions.files(context.nayose, context.cache, records)
    return {"set": data_set.name, "family": family, "kind": data_set.kind, "variant": tool.variant,
            "lists": list(map(str, paths)), "truth": str(prepared / "truth.csv"), "one_to_one": data_set.one_to_one,
            "derived": derived, "nayose": str(context.nayose or ""), "region": list(map(str, region)),
            **families.recipe(data_set.name, tool.name)}


def run(tool, data_set, prepared, context, caps):
    """The result's row for one tool and one set; a failure is a row too."""
    row = {"set": data_set.name, "tool": tool.name}
    if tool.name == "libmpi" and not context.nayose:
        return row | {"not_available": "no nayose command: tools/build release nayose"}
    work = context.cache / "work" / data_set.name / tool.name
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    job = work / "job.json"
    job.write_text(json.dumps(job_of(tool, data_set, prepared, work, context)), encoding="utf-8")
    python = environments.python(tool.environment, context.cache) if tool.environment else sys.executable
    done = measure.run([python, ADAPTERS / tool.adapter, job, work], work / "log.txt", *caps)
    row |= {"wall_s": done.wall_s, "cpu_s": done.cpu_s, "peak_rss_mb": done.peak_rss_mb}
    if done.failure:
        last = (done.output.strip().splitlines() or [""])[-1]
        if done.exit_code == NOT_AVAILABLE:
            return {"set": row["set"], "tool": row["tool"], "not_available": last.removeprefix("not available: ")}
        return row | {"failure": done.failure}
    return row | scored(work, data_set, datasets.read_truth(prepared), sides(datasets.lists_of(prepared)))


def scored(work, data_set, truth, side):
    """Scores at the tool's default and, where it leaves something to choose, with the best choice."""
    meta = json.loads((work / "meta.json").read_text(encoding="utf-8"))
    scope = work / "scope.csv"
    if scope.is_file():
        with open(scope, encoding="utf-8", newline="") as file:
            kept = {r["record_id"] for r in csv.DictReader(file)}
        truth = {record: person for record, person in truth.items() if record in kept}
    edges = [edge for edge in read_edges(work / "edges.csv") if edge[0] in truth and edge[1] in truth]
    default = meta["default"]
    if "clusters" in default:
        clusters = read_clusters(work / "clusters" / default["clusters"])
    elif side:
        clusters = scorer.best_links(edges, default["threshold"], side, REFERENCE, data_set.one_to_one)
    else:
        clusters = scorer.clusters_of(edges, default["threshold"])
    row = {"what": meta["what"], "tool_s": meta["seconds"], "records": len(truth),
           "default": scorer.score(truth, clusters, side)}
    choice = best_choice(work, data_set, truth, edges, side)
    if choice:
        name, clusters = choice
        row["oracle"] = {"choice": name, **scorer.score(truth, clusters, side)}
    return row


def best_choice(work, data_set, truth, edges, side):
    """(name, clustering) with the best pairwise F1 among all thresholds of the edges' connected components, of
    best links for link sets, and the tool's own clusterings."""
    choices = []
    best = scorer.best_threshold(truth, edges, side)
    if best:
        choices.append((best[1], f"connected components at {best[0]:.6g}", scorer.clusters_of(edges, best[0])))
    best = side and scorer.best_link_threshold(truth, edges, side, REFERENCE, data_set.one_to_one)
    if best:
        clusters = scorer.best_links(edges, best[0], side, REFERENCE, data_set.one_to_one)
        choices.append((best[1], f"best links at {best[0]:.6g}", clusters))
    files = sorted((work / "clusters").glob("*.csv"))
    for path in files if len(files) > 1 or edges else []:
        clusters = read_clusters(path)
        choices.append((scorer.score(truth, clusters, side, replicates=0)["f1"], f"its clusters {path.stem}", clusters))
    if not choices:
        return None
    return max(choices, key=lambda choice: choice[0])[1:]


def read_edges(path):
    if not path.is_file():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return [(r["left"], r["right"], float(r["score"])) for r in csv.DictReader(file)]


def read_clusters(path):
    with open(path, encoding="utf-8", newline="") as file:
        return {r["record_id"]: r["cluster"] for r in csv.DictReader(file)}
