# SPDX-License-Identifier: Apache-2.0
"""goldenmatch, its Fellegi-Sunter path: configured by the tool itself (auto), or by hand (hand): our list of
fields, term frequencies on, its documented multi-pass blocking on our candidate columns."""
import sys
import time

import exchange
import goldenmatch
import pyarrow
from goldenmatch.config.schemas import (BlockingConfig, BlockingKeyConfig, GoldenMatchConfig, MatchkeyConfig,
                                        MatchkeyField)
from goldenmatch.core.autoconfig import auto_configure_probabilistic_df

SCORERS = {"name": "jaro_winkler", "text": "jaro_winkler", "date": "date", "code": "levenshtein",
           "category": "exact"}
SWEEP_FLOOR = 0.05  # link threshold of the second run, whose scored pairs the sweep goes over


def table(rows, columns):
    return pyarrow.table({c: pyarrow.array([row[c] or None for row in rows], pyarrow.string()) for c in columns})


def by_hand(task):
    fields = [MatchkeyField(field=column, scorer=SCORERS[kind], levels=2 if kind == "category" else 3,
                            partial_threshold=0.8, tf_adjustment=kind in ("name", "text"),
                            transforms=["lowercase", "strip"])
              for column, kind in task["fields"].items()]
    keys = [BlockingKeyConfig(fields=block, transforms=["lowercase", "strip"]) for block in task["blocks"]]
    return GoldenMatchConfig(
        matchkeys=[MatchkeyConfig(name="by_hand", type="probabilistic", fields=fields)],
        blocking=BlockingConfig(strategy="multi_pass", keys=keys[:1], passes=keys))


def columns_of(task, rows):
    """By hand it sees the fields and the block columns; alone, the list as it is."""
    if task["variant"] == "auto":
        return [c for c in rows[0] if c not in ("record_id", *task["derived"])]
    return list(dict.fromkeys([*task["fields"], *(c for block in task["blocks"] for c in block)]))


def run(task, lists, config):
    """(groups of record ids or None, scored pairs)."""
    tables = [table(rows, columns_of(task, lists[0])) for rows in lists]
    ids = [[row["record_id"] for row in rows] for rows in lists]
    if len(lists) == 1:
        result = goldenmatch.dedupe_df(tables[0], config=config)
        groups = [[ids[0][i] for i in cluster["members"]] for cluster in result.clusters.values()]
        return groups, [(ids[0][i], ids[0][j], score) for i, j, score in result.scored_pairs]
    result = goldenmatch.match_df(tables[1], tables[0], config=config)  # each of b to its best of a
    if result.matched is None or result.matched.num_rows == 0:
        return None, []
    found = [result.matched.column(c).to_pylist() for c in ("__target_row_id__", "__ref_row_id__", "__match_score__")]
    offset = len(lists[1])
    return None, [(ids[1][target], ids[0][ref - offset], score) for target, ref, score in zip(*found)]


def main():
    task, out = exchange.job()
    started = time.monotonic()
    lists = [exchange.read_list(path) for path in task["lists"]]
    everything = table([row for rows in lists for row in rows], columns_of(task, lists[0]))
    config = auto_configure_probabilistic_df(everything) if task["variant"] == "auto" else by_hand(task)
    groups, edges = run(task, lists, config)
    seconds = time.monotonic() - started
    if groups is None:
        groups = star_groups(edges)
    exchange.write_clusters(out, "default", groups)
    exchange.write_edges(out, edges)
    exchange.write_meta(out, {"clusters": "default.csv"}, f"Fellegi-Sunter, {task['variant']} configuration", seconds)
    for key in config.matchkeys:
        key.link_threshold = SWEEP_FLOOR
    _, edges = run(task, lists, config)
    exchange.write_edges(out, edges)


def star_groups(edges):
    groups = {}
    for left, right, _ in edges:
        groups.setdefault(right, [right]).append(left)
    return groups.values()


if __name__ == "__main__":
    sys.exit(main())
