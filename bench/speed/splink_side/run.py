# SPDX-License-Identifier: Apache-2.0
"""Splink from raw CSV files to its outputs: what bench/endtoend times. Runs in Splink's own environment.

    run.py --out FOLDER [--recipe region|plain|easy] [--u-pairs 1e7] [--threads 2] FILE.csv...    timed
    run.py --out FOLDER --pairs TRUTH.csv ...    not timed: all scored pairs, and blocking against the truth

Writes clusters.csv (record_id, source, cluster_id) and links.csv; with --pairs pairs.csv of left, right, weight and
blocking.json.
"""
import argparse
import importlib
import json
import logging
import time
from pathlib import Path

import duckdb
from splink import DuckDBAPI, Linker

# The modules that make the table `people` of the files, and that say how it is linked.
RECIPES = {"region": ("standardize", "recipe"), "plain": ("standardize", "plain_recipe"),
           "easy": ("easy_standardize", "easy_recipe")}
LOWEST = -5.0  # match weight below which no pair is kept for the sweep of thresholds


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--recipe", choices=list(RECIPES), default="region")
    parser.add_argument("--u-pairs", type=float, default=1e7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pairs", type=Path, metavar="TRUTH.csv")
    return parser.parse_args()


class Stages:
    """Seconds of each stage, in order."""

    def __init__(self):
        self.seconds, self.last = {}, time.monotonic()

    def done(self, stage):
        now = time.monotonic()
        self.seconds[stage] = round(now - self.last, 2)
        self.last = now


def copied(connection, query, path):
    connection.execute(f"COPY ({query}) TO '{path}' (HEADER, DELIMITER ',')")


def write(connection, links, clusters, out):
    """The outputs that answer to nayose's clusters.csv and links.csv."""
    copied(connection, "SELECT split_part(record_id, ':', 2) AS record_id, split_part(record_id, ':', 1) AS source, "
                       f"cluster_id FROM {clusters.physical_name}", out / "clusters.csv")
    copied(connection, "SELECT record_id_l, record_id_r, match_weight, match_probability "
                       f"FROM {links.physical_name}", out / "links.csv")


def met(rule):
    return "coalesce(" + " AND ".join(f"l.{column} = r.{column}" for column in rule) + ", false)"


def blocking(connection, rules, truth):
    """How many true pairs some rule brings together, and how many pairs all rules together bring."""
    connection.execute(f"""
        CREATE TABLE true_pairs AS
        WITH persons AS (SELECT DISTINCT source || ':' || record_id AS record_id, person_id
                         FROM read_csv('{truth}', all_varchar = true))
        SELECT a.record_id AS a, b.record_id AS b FROM persons a JOIN persons b
        ON a.person_id = b.person_id AND a.record_id < b.record_id""")
    true, found = connection.execute(
        f"SELECT count(*), count(*) FILTER (WHERE {' OR '.join(map(met, rules))}) FROM true_pairs "
        "JOIN people l ON l.record_id = a JOIN people r ON r.record_id = b").fetchone()
    pairs, earlier = 0, []
    for rule in rules:  # a pair belongs to the first rule that brings it, as in Splink
        on = " AND ".join(f"l.{column} = r.{column}" for column in rule)
        new = "".join(f" AND NOT {met(other)}" for other in earlier)
        pairs += connection.execute(
            f"SELECT count(*) FROM people l JOIN people r ON {on} AND l.record_id < r.record_id{new}").fetchone()[0]
        earlier.append(rule)
    return {"true_pairs": true, "met_pairs": found, "recall": found / true if true else 1.0, "candidate_pairs": pairs}


def main():
    logging.getLogger("splink").setLevel(logging.ERROR)
    options = arguments()
    standardize, recipe = map(importlib.import_module, RECIPES[options.recipe])
    options.out.mkdir(parents=True, exist_ok=True)
    stages = Stages()
    connection = duckdb.connect()
    connection.execute(f"SET threads = {options.threads}")
    standardize.standardize(connection, options.files)
    stages.done("standardize")
    database = DuckDBAPI(connection=connection)
    linker = Linker(database.register("people"), recipe.settings())
    recipe.train(linker, options.u_pairs)
    stages.done("train")
    if options.pairs:
        links = linker.inference.predict(threshold_match_weight=LOWEST)
        copied(connection, f"SELECT record_id_l, record_id_r, match_weight FROM {links.physical_name}",
               options.out / "pairs.csv")
        found = blocking(connection, recipe.RULES, options.pairs)
        (options.out / "blocking.json").write_text(json.dumps(found))
        return
    links = linker.inference.predict(threshold_match_probability=recipe.WRITTEN)
    stages.done("predict")
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        links, threshold_match_probability=recipe.LINKED)
    stages.done("cluster")
    write(connection, links, clusters, options.out)
    stages.done("write")
    (options.out / "stages.json").write_text(json.dumps(stages.seconds))


if __name__ == "__main__":
    main()
