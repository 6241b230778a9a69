# SPDX-License-Identifier: Apache-2.0
"""One scorer for all tools: pairs and B-cubed of a clustering, with intervals.

A clustering is {record_id: cluster}; a record it leaves out is alone. With `side` ({record_id: list name})
only pairs across the two lists count, as a link set asks for; B-cubed is over all records either way.

Intervals: connected components of truth and clustering together are independent units, so their counts are
resampled, each component as often as a Poisson(1) variable says (the Poisson bootstrap), 2.5 % to 97.5 %.
"""
import random
from collections import Counter, defaultdict
from dataclasses import dataclass

from .union_find import UnionFind

REPLICATES = 1000
POISSON_BY_NORMAL = 100  # the sum of so many Poisson(1) variables is as good as normal


@dataclass(frozen=True)
class Counts:
    """What one component adds: pairs, and sums of B-cubed over its records."""
    right: int
    predicted: int
    true: int
    precision_sum: float
    recall_sum: float
    records: int


def pairs(members, side):
    """Pairs among records, or across the two lists: members is {list name: how many}."""
    if side is None:
        n = sum(members.values())
        return n * (n - 1) // 2
    sizes = list(members.values())
    return sizes[0] * sizes[1] if len(sizes) == 2 else 0


def components(truth, clusters, side=None):
    """Counts of each connected component of the two partitions together."""
    joined = UnionFind()
    for record, person in truth.items():
        joined.union(("t", person), ("c", clusters.get(record, ("alone", record))))
    grouped = defaultdict(list)
    for record, person in truth.items():
        grouped[joined.find(("t", person))].append(record)
    return [count_component(records, truth, clusters, side) for records in grouped.values()]


def count_component(records, truth, clusters, side):
    cells, persons, found = (defaultdict(Counter) for _ in range(3))
    for record in records:
        cluster, person = clusters.get(record, ("alone", record)), truth[record]
        where = side[record] if side else ""
        cells[person, cluster][where] += 1
        persons[person][where] += 1
        found[cluster][where] += 1
    person_size = {person: sum(members.values()) for person, members in persons.items()}
    cluster_size = {cluster: sum(members.values()) for cluster, members in found.items()}
    cell_size = {cell: sum(members.values()) for cell, members in cells.items()}
    return Counts(
        right=sum(pairs(members, side) for members in cells.values()),
        predicted=sum(pairs(members, side) for members in found.values()),
        true=sum(pairs(members, side) for members in persons.values()),
        precision_sum=sum(n * n / cluster_size[c] for (_, c), n in cell_size.items()),
        recall_sum=sum(n * n / person_size[p] for (p, _), n in cell_size.items()),
        records=len(records))


def ratio(part, whole, empty=1.0):
    return part / whole if whole else empty


def harmonic(precision, recall):
    return ratio(2 * precision * recall, precision + recall, 0.0)


def figures(weighted):
    """Precision, recall and F1 of [(Counts, how often)]."""
    def total(name):
        return sum(getattr(counts, name) * times for counts, times in weighted)
    right, records = total("right"), total("records")
    precision, recall = ratio(right, total("predicted")), ratio(right, total("true"))
    b3_precision, b3_recall = ratio(total("precision_sum"), records), ratio(total("recall_sum"), records)
    return {"precision": precision, "recall": recall, "f1": harmonic(precision, recall),
            "b3_precision": b3_precision, "b3_recall": b3_recall, "b3_f1": harmonic(b3_precision, b3_recall)}


def poisson_sum(count, generator):
    """A draw of the sum of `count` Poisson(1) variables."""
    if count >= POISSON_BY_NORMAL:
        return max(0, round(generator.gauss(count, count ** 0.5)))
    return sum(poisson_one(generator) for _ in range(count))


def poisson_one(generator):
    u, k, mass = generator.random(), 0, 0.36787944117144233
    while u > mass and k < 20:
        u -= mass
        k += 1
        mass /= k
    return k


def intervals(groups, replicates=REPLICATES):
    """{figure: [low, high]}, 95 %; `groups` is {Counts: how many components have them}."""
    generator = random.Random(20261125)
    drawn = defaultdict(list)
    for _ in range(replicates):
        weighted = [(counts, poisson_sum(times, generator)) for counts, times in groups.items()]
        for name, value in figures(weighted).items():
            drawn[name].append(value)
    low, high = round(0.025 * replicates), round(0.975 * replicates) - 1
    return {name: [sorted(values)[low], sorted(values)[high]] for name, values in drawn.items()}


def score(truth, clusters, side=None, replicates=REPLICATES):
    """All figures of a clustering."""
    groups = Counter(components(truth, clusters, side))
    result = figures(list(groups.items()))
    if replicates:
        ranges = intervals(groups, replicates)
        result["interval"] = {name: ranges[name] for name in ("precision", "recall", "f1")}
    result["right_pairs"] = sum(c.right * n for c, n in groups.items())
    result["predicted_pairs"] = sum(c.predicted * n for c, n in groups.items())
    result["true_pairs"] = sum(c.true * n for c, n in groups.items())
    return result


def clusters_of(edges, threshold):
    """Connected components of the edges (left, right, score) at or above the threshold."""
    joined = UnionFind()
    for left, right, value in edges:
        if value >= threshold:
            joined.union(left, right)
    return {record: joined.find(record) for record in list(joined.parent)}


def best_links(edges, threshold, side, reference, one_to_one):
    """Each record to the one of the reference list that it is most like, as who links to a list without
    duplicates does; one to one: strongest links first, a reference record taken once."""
    return {record: cluster for link in accepted_links(edges, side, reference, one_to_one) if link[2] >= threshold
            for record, cluster in ((link[0], link[0]), (link[1], link[0]))}


def accepted_links(edges, side, reference, one_to_one):
    """(reference record, other record, score), strongest first; ties by record ids."""
    turned = [(left, other, value) if side[left] == reference else (other, left, value)
              for left, other, value in edges if side[left] != side[other]]
    used, kept = set(), []
    for left, other, value in sorted(turned, key=lambda edge: (-edge[2], edge[0], edge[1])):
        if other not in used and not (one_to_one and left in used):
            used |= {left, other}
            kept.append((left, other, value))
    return kept


def best_link_threshold(truth, edges, side, reference, one_to_one):
    """(threshold, F1) of best_links at its best, the truth in hand. None without edges."""
    true = sum(c.true for c in components(truth, {}, side))
    kept = accepted_links(edges, side, reference, one_to_one)
    right, best = 0, None
    for i, (left, other, value) in enumerate(kept):
        right += truth[left] == truth[other]
        if i + 1 == len(kept) or kept[i + 1][2] != value:
            f1 = harmonic(ratio(right, i + 1), ratio(right, true))
            if best is None or f1 > best[1]:
                best = (value, f1)
    return best


def best_threshold(truth, edges, side=None):
    """(threshold, F1) at which connected components have the best pairwise F1, the truth in hand: every
    threshold is tried, by joining clusters in the order of falling scores. None without edges."""
    true = sum(c.true for c in components(truth, {}, side))
    members = {r: {truth[r]: Counter({side[r] if side else "": 1})} for r in truth}
    sizes = {r: Counter({side[r] if side else "": 1}) for r in truth}
    joined, right, predicted, best = UnionFind(), 0, 0, None
    ordered = sorted(edges, key=lambda edge: -edge[2])
    for i, (left, other, value) in enumerate(ordered):
        a, b = joined.find(left), joined.find(other)
        if a != b:
            if len(members[a]) < len(members[b]):
                a, b = b, a
            joined.attach(b, a)
            predicted += cross(sizes[a], sizes[b], side)
            sizes[a] += sizes.pop(b)
            for person, counts in members.pop(b).items():
                mine = members[a].setdefault(person, Counter())
                right += cross(mine, counts, side)
                mine.update(counts)
        if i + 1 == len(ordered) or ordered[i + 1][2] != value:
            f1 = harmonic(ratio(right, predicted), ratio(right, true))
            if best is None or f1 > best[1]:
                best = (value, f1)
    return best


def cross(left, right, side):
    """Pairs that joining two groups adds."""
    if side is None:
        return sum(left.values()) * sum(right.values())
    return sum(n * m for x, n in left.items() for y, m in right.items() if x != y)
