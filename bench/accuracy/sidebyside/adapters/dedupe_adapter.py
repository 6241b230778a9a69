# SPDX-License-Identifier: Apache-2.0
"""dedupe: active learning answered from the truth, its own clustering at many thresholds."""
import random
import time

import dedupe
import dedupe.variables as variables
import exchange

LABELS = 100  # answers of the active learner's user, given from the truth
THRESHOLDS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98]
VARIABLES = {"category": variables.Exact, "code": variables.ShortString, "date": variables.ShortString}


PERSON = "person"  # beside the defined fields, which are all that the matcher looks at


def main():
    random.seed(1)
    started = time.monotonic()
    task, out = exchange.job()
    truth = exchange.read_truth(task)
    fields = task["fields"]
    lists = [{row["record_id"]: {PERSON: truth[row["record_id"]], **{c: row[c] or None for c in fields}}
              for row in exchange.read_list(path)} for path in task["lists"]]
    definition = [VARIABLES.get(kind, variables.String)(column, has_missing=True) for column, kind in fields.items()]
    matches = (link if len(lists) == 2 else single)(task, out, lists, definition)
    exchange.write_meta(out, {"clusters": "0.5.csv"},
                        f"{LABELS} active-learning answers from the truth ({matches} of them matches); threshold 0.5",
                        time.monotonic() - started)


def trained(matcher, lists):
    """Answers what the active learner asks; how many were matches."""
    matcher.prepare_training(*lists)
    matches = 0
    for _ in range(LABELS):
        for pair in matcher.uncertain_pairs():
            same = pair[0][PERSON] == pair[1][PERSON]
            matches += same
            matcher.mark_pairs({"match": [pair] if same else [], "distinct": [] if same else [pair]})
    matcher.train()
    return matches


def single(task, out, lists, definition):
    matcher = dedupe.Dedupe(definition, num_cores=2)
    matches = trained(matcher, lists)
    scores = matcher.score(matcher.pairs(lists[0]))
    for threshold in THRESHOLDS:
        exchange.write_clusters(out, str(threshold), [ids for ids, _ in matcher.cluster(scores, threshold)])
    return matches


def link(task, out, lists, definition):
    """Its many-to-one wants the list of many first."""
    lists = lists[::-1]
    matcher = dedupe.RecordLink(definition, num_cores=2)
    matches = trained(matcher, lists)
    scores = matcher.score(matcher.pairs(*lists))
    for threshold in THRESHOLDS:
        links = (matcher.one_to_one if task["one_to_one"] else matcher.many_to_one)(scores, threshold)
        groups = {}
        for (left, right), _ in links:
            groups.setdefault(right, [right]).append(left)
        exchange.write_clusters(out, str(threshold), groups.values())
    return matches


if __name__ == "__main__":
    main()
