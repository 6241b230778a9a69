# SPDX-License-Identifier: Apache-2.0
"""Meant as the ceiling: gradient boosted trees over the similarities of candidate pairs, trained on the pairs among
one half of the persons and scored on the records of the other half. It sees only the pairs that the family's
blocks bring; its half list holds half the confusable persons, which makes it easier."""
import hashlib
import math
import os
import time
from collections import Counter
from itertools import combinations

os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads that spin for each other crawl on a busy machine

import exchange  # noqa: E402
import numpy  # noqa: E402
from rapidfuzz.distance import JaroWinkler, Levenshtein  # noqa: E402
from rapidfuzz.fuzz import token_set_ratio  # noqa: E402
from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: E402

BLOCK_CAP = 3000  # records of one block value; larger blocks are left to the others


def half(person):
    return hashlib.sha256(person.encode()).digest()[0] & 1


def candidate_pairs(rows, blocks, side):
    found = set()
    for block in blocks:
        groups = {}
        for i, row in enumerate(rows):
            if all(row[c] for c in block):
                groups.setdefault(tuple(row[c] for c in block), []).append(i)
        for members in groups.values():
            if len(members) <= BLOCK_CAP:
                found.update(p for p in combinations(members, 2) if side[p[0]] != side[p[1]] or side[p[0]] is None)
    return sorted(found)


def vector(left, right, fields, frequency):
    values = []
    for column, kind in fields.items():
        a, b = left[column], right[column]
        if not a or not b:
            values += [math.nan, math.nan, math.nan, float(bool(a) or bool(b))]
            continue
        rarity = -math.log(min(frequency[column][a], frequency[column][b])) if a == b else 0.0
        alike = token_set_ratio(a, b) / 100 if kind == "text" else Levenshtein.normalized_similarity(a, b)
        values += [JaroWinkler.similarity(a, b), alike, rarity, 2.0]
    return values


def frequencies(rows, fields):
    tables = {}
    for column in fields:
        counts = Counter(row[column] for row in rows if row[column])
        total = sum(counts.values()) or 1
        tables[column] = {value: n / total for value, n in counts.items()}
    return tables


def main():
    task, out = exchange.job()
    started = time.monotonic()
    truth = exchange.read_truth(task)
    lists = [exchange.read_list(path) for path in task["lists"]]
    rows = [row for rows in lists for row in rows]
    side = [i if len(lists) == 2 else None for i, rows in enumerate(lists) for _ in rows]
    persons = [truth[row["record_id"]] for row in rows]
    halves = [half(person) for person in persons]
    pairs = [p for p in candidate_pairs(rows, task["blocks"], side) if halves[p[0]] == halves[p[1]]]
    frequency = frequencies(rows, task["fields"])
    vectors = numpy.array([vector(rows[i], rows[j], task["fields"], frequency) for i, j in pairs], dtype=numpy.float32)
    same = numpy.array([persons[i] == persons[j] for i, j in pairs])
    train = numpy.array([halves[i] == 0 for i, _ in pairs])
    model = HistGradientBoostingClassifier(max_iter=300, learning_rate=0.05, random_state=1)
    model.fit(vectors[train], same[train])
    chance = model.predict_proba(vectors[~train])[:, 1]
    tested = [pair for pair, trained in zip(pairs, train) if not trained]
    exchange.write_edges(out, ((rows[i]["record_id"], rows[j]["record_id"], p)
                               for (i, j), p in zip(tested, chance.tolist()) if p > 1e-4))
    exchange.write_rows(out / "scope.csv", ["record_id"], ([row["record_id"]] for row, h in zip(rows, halves) if h))
    exchange.write_meta(out, {"threshold": 0.5}, f"{int(train.sum())} labelled pairs of half the persons; scored on "
                        "the other half; probability 0.5", time.monotonic() - started)


if __name__ == "__main__":
    main()
