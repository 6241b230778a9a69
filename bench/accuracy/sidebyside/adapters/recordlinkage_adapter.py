# SPDX-License-Identifier: Apache-2.0
"""recordlinkage: blocks, binary comparisons, ECM (Fellegi-Sunter by expectation maximisation)."""
import time

import exchange
import pandas
import recordlinkage
from recordlinkage.index import Block

SIMILAR = {"name": ("jarowinkler", 0.85), "text": ("jarowinkler", 0.85), "date": ("levenshtein", 0.85),
           "code": ("levenshtein", 0.8)}


def frame(path):
    table = pandas.read_csv(path, dtype=str, keep_default_na=False).set_index("record_id")
    return table.mask(table == "", None)


def candidates(task, frames):
    """Pairs equal in a block whose columns are all there."""
    found = None
    for block in task["blocks"]:
        whole = [table.dropna(subset=block) for table in frames]
        indexer = recordlinkage.Index()
        indexer.add(Block(block))
        pairs = indexer.index(*whole)
        found = pairs if found is None else found.union(pairs)
    return found


def vectors(task, pairs, frames):
    compare = recordlinkage.Compare()
    for column, kind in task["fields"].items():
        if kind in SIMILAR:
            method, threshold = SIMILAR[kind]
            compare.string(column, column, method=method, threshold=threshold, label=column)
        else:
            compare.exact(column, column, label=column)
    return compare.compute(pairs, *frames)


def main():
    task, out = exchange.job()
    started = time.monotonic()
    frames = [frame(path) for path in task["lists"]]
    pairs = candidates(task, frames)
    features = vectors(task, pairs, frames).fillna(0).astype(int)
    features = features.loc[:, features.nunique() > 1]
    classifier = recordlinkage.ECMClassifier()
    classifier.fit(features)
    scores = classifier.prob(features)
    kept = scores[scores > 1e-6]
    exchange.write_edges(out, ((left, right, value) for (left, right), value in kept.items()))
    exchange.write_meta(out, {"threshold": 0.5}, "binary comparisons, ECM with default settings; probability 0.5",
                        time.monotonic() - started)


if __name__ == "__main__":
    main()
