# SPDX-License-Identifier: Apache-2.0
"""bench/accuracy: the scorer, the loaders' parsing, the caps and the table, without network or tools.
Argument: the sources."""
import itertools
import json
import random
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(sys.argv.pop(1) if len(sys.argv) > 1 else Path(__file__).parents[2])
sys.path.insert(0, str(ROOT / "bench" / "accuracy"))
from sidebyside import bout, datasets, families, main, measure, regions, scorer, table, tools  # noqa: E402


def brute_force(truth, clusters, side=None):
    """Pairs one by one: what the scorer's counts must come to."""
    right = predicted = true = 0
    for a, b in itertools.combinations(truth, 2):
        if side and side[a] == side[b]:
            continue
        same = truth[a] == truth[b]
        linked = a in clusters and b in clusters and clusters[a] == clusters[b]
        right, predicted, true = right + (same and linked), predicted + linked, true + same
    return right, predicted, true


def random_case(seed):
    generator = random.Random(seed)
    records = [f"r{i}" for i in range(60)]
    truth = {r: generator.randrange(25) for r in records}
    side = {r: generator.choice("ab") for r in records}
    edges = [(a, b, generator.choice([0.1, 0.3, 0.5, 0.7])) for a, b in itertools.combinations(records, 2)
             if generator.random() < (0.5 if truth[a] == truth[b] else 0.004)]
    return truth, side, edges


class Scores(unittest.TestCase):
    def test_known_cases(self):
        truth = dict(zip("abcdef", [1, 1, 1, 2, 2, 3]))
        for name, clusters, precision, recall, b3_precision, b3_recall in [
                ("as the truth", dict(zip("abcdef", "xxxyyz")), 1, 1, 1, 1),
                ("all alone", {}, 1, 0, 1, (3 * (1 / 3) + 2 * (1 / 2) + 1) / 6),
                ("all one", dict.fromkeys("abcdef", 0), 4 / 15, 1, (9 + 4 + 1) / 36, 1),
                ("one split", dict(zip("abcdef", "xxwyyz")), 1, 2 / 4, 1, (2 * (2 / 3) + 1 / 3 + 3) / 6)]:
            with self.subTest(name):
                found = scorer.score(truth, clusters, replicates=0)
                self.assertAlmostEqual(found["precision"], precision)
                self.assertAlmostEqual(found["recall"], recall)
                self.assertAlmostEqual(found["b3_precision"], b3_precision)
                self.assertAlmostEqual(found["b3_recall"], b3_recall)

    def test_counts_are_those_of_all_pairs(self):
        for seed in range(20):
            truth, side, edges = random_case(seed)
            clusters = scorer.clusters_of(edges, 0.3)
            for lists in (None, side):
                found = scorer.score(truth, clusters, lists, replicates=0)
                counted = (found["right_pairs"], found["predicted_pairs"], found["true_pairs"])
                self.assertEqual(counted, brute_force(truth, clusters, lists))

    def test_best_threshold_is_the_best_of_all(self):
        for seed in range(20):
            truth, side, edges = random_case(seed)
            for lists in (None, side):
                tried = {t: scorer.score(truth, scorer.clusters_of(edges, t), lists, replicates=0)["f1"]
                         for t in (0.1, 0.3, 0.5, 0.7)}
                threshold, f1 = scorer.best_threshold(truth, edges, lists)
                self.assertAlmostEqual(f1, max(tried.values()))
                self.assertAlmostEqual(tried[threshold], f1)

    def test_best_links_take_a_record_once(self):
        side = dict(zip(["a1", "a2", "b1", "b2"], "aabb"))
        truth = dict(zip(["a1", "a2", "b1", "b2"], [1, 2, 1, 1]))
        edges = [("a1", "b1", 0.9), ("b2", "a1", 0.8), ("a2", "b2", 0.7), ("a2", "b1", 0.6)]
        for one_to_one, linked, best in [(False, {"b1": "a1", "b2": "a1"}, (0.8, 1.0)),
                                         (True, {"b1": "a1", "b2": "a2"}, (0.9, 2 / 3))]:
            clusters = scorer.best_links(edges, 0.0, side, "a", one_to_one)
            self.assertEqual({b: clusters[b] for b in ("b1", "b2")}, linked)
            threshold, f1 = scorer.best_link_threshold(truth, edges, side, "a", one_to_one)
            self.assertEqual((threshold, round(f1, 9)), (best[0], round(best[1], 9)))
            found = scorer.best_links(edges, threshold, side, "a", one_to_one)
            self.assertAlmostEqual(scorer.score(truth, found, side, replicates=0)["f1"], f1)

    def test_no_edges_no_threshold(self):
        self.assertIsNone(scorer.best_threshold({"a": 1, "b": 1}, []))

    def test_interval_holds_the_figure_and_repeats(self):
        truth, _, edges = random_case(3)
        clusters = scorer.clusters_of(edges, 0.5)
        first, second = (scorer.score(truth, clusters, replicates=200) for _ in range(2))
        self.assertEqual(first, second)
        low, high = first["interval"]["f1"]
        self.assertLess(low, first["f1"])
        self.assertGreater(high, first["f1"])

    def test_poisson_sum_has_its_mean_and_variance(self):
        for count in (1, 20, 400):
            generator = random.Random(5)
            drawn = [scorer.poisson_sum(count, generator) for _ in range(4000)]
            mean = sum(drawn) / len(drawn)
            variance = sum((x - mean) ** 2 for x in drawn) / len(drawn)
            self.assertAlmostEqual(mean / count, 1, delta=0.06)
            self.assertAlmostEqual(variance / count, 1, delta=0.12)


class Loaders(unittest.TestCase):
    def test_febrl_values_lose_their_padding_and_persons_their_copies(self):
        rows = datasets.febrl_rows("rec_id, given_name, surname\nrec-12-dup-3, anna , \nrec-12-org, , berry\n")
        self.assertEqual(rows[0], {"rec_id": "rec-12-dup-3", "given_name": "anna", "surname": ""})
        self.assertEqual([datasets.febrl_person(row) for row in rows], ["12", "12"])

    def test_what_names_the_person_is_not_shown(self):
        rows, truth = datasets.keep_truth(datasets.numbered([{"cluster": "Q1", "name": "x"}], "a"),
                                          lambda row: row["cluster"], ["cluster"])
        self.assertEqual(rows, [{"record_id": "a000001", "name": "x"}])
        self.assertEqual(truth, {"a000001": "Q1"})

    def test_order_says_nothing_and_repeats(self):
        rows = [{"id": str(i)} for i in range(50)]
        self.assertNotEqual(datasets.shuffled(rows, "id"), rows)
        self.assertEqual(datasets.shuffled(rows, "id"), datasets.shuffled(rows[::-1], "id"))

    def test_a_file_that_nobody_fetched_is_named(self):
        for data in (None, Path("/nowhere")):
            with self.assertRaisesRegex(datasets.NotObtainable, "fake_1000.csv.*--data"):
                datasets.fake_1000(datasets.Context(Path("/nowhere"), data))

    def test_prepared_set_is_read_back(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "fake_1000.csv").write_text("unique_id,first_name,cluster\n7,Ann,3\n8,Anne,3\n")
            made = datasets.prepare("fake_1000", datasets.Context(Path(folder), Path(folder)), Path(folder) / "set")
            self.assertEqual(sorted(datasets.read_truth(made).values()), ["3", "3"])
            self.assertEqual([path.name for path in datasets.lists_of(made)], ["records.csv"])
            self.assertEqual((made / "records.csv").read_text().splitlines()[0], "record_id,first_name")

    def test_normalized_fields_are_the_last_steps(self):
        rows = regions.normalized_rows(
            "line 2\n  name         fold_width           三樹 登子 -> 三樹 登子\n  name         split_name           三樹 | 登子\n"
            "  birth        read_birth_date      H13.4.6 -> 2001-04-06\n"
            "  coverage     read_coverage        0104 | ６５ | ８ | 00 -> insurer 0104, symbol 65, number 8, branch 00, employer\n"
            "  address      read_address         a | b -> 9800177 | 4 | 仙台市 | 大塚 | 5-30-1 | \nline 3\n  sex          read_sex             M -> M\n")
        self.assertEqual(rows[2], {"family": "三樹", "given": "登子", "birth": "2001-04-06", "insurer": "0104",
                                   "symbol": "65", "number": "8", "branch": "00", "postcode": "9800177",
                                   "prefecture": "4", "city": "仙台市", "town": "大塚", "block": "5-30-1", "room": ""})
        self.assertEqual(rows[3], {"sex": "M"})

    def test_every_set_has_a_family(self):
        for name in datasets.BY_NAME:
            self.assertIn(families.family_of(name), families.FAMILIES)


class Runs(unittest.TestCase):
    def caps(self, code, minutes=1.0, gigabytes=1.0):
        with tempfile.TemporaryDirectory() as folder:
            return measure.run([sys.executable, "-c", code], Path(folder) / "log", minutes, gigabytes)

    def test_what_a_run_took(self):
        held = bytearray(200_000_000)  # what the parent holds is not the child's
        done = self.caps("import time; x = bytearray(80_000_000); time.sleep(0.3); print('last')")
        self.assertEqual((done.failure, done.output.strip()), ("", "last"))
        self.assertGreater(done.peak_rss_mb, 80)
        self.assertLess(done.peak_rss_mb, len(held) / 1e6)

    def test_failures_are_told(self):
        self.assertIn("exit code 3: because", self.caps("import sys; print('because'); sys.exit(3)").failure)
        self.assertIn("time cap", self.caps("import time; time.sleep(60)", minutes=0.005).failure)
        busy = self.caps("while True: pass", minutes=0.01)
        self.assertIn("time cap", busy.failure)
        self.assertGreater(busy.cpu_s, 0)
        self.assertIn("memory cap", self.caps("import time; x = bytearray(300_000_000); time.sleep(60)",
                                              gigabytes=0.2).failure)

    def test_best_choice_looks_at_edges_and_own_clusters(self):
        truth = dict(zip("abcd", [1, 1, 2, 2]))
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "clusters").mkdir()
            (Path(folder) / "clusters" / "0.5.csv").write_text("record_id,cluster\na,1\nb,1\nc,2\nd,2\n")
            name, clusters = bout.best_choice(Path(folder), datasets.BY_NAME["febrl1"], truth, [("a", "c", 0.9)], None)
        self.assertEqual(name, "its clusters 0.5")
        self.assertEqual(clusters["a"], clusters["b"])

    def test_table_tells_results_failures_and_what_is_not_available(self):
        score = scorer.score({"a": 1, "b": 1}, {"a": 0, "b": 0}, replicates=10)
        result = {"machine": main.machine(True), "caps": {"minutes": 20, "gigabytes": 12}, "versions": {},
                  "sets": {"fake_1000": {"skipped": "fetch it"}},
                  "runs": [{"set": "febrl1", "tool": "splink", "default": score, "tool_s": 1.5, "peak_rss_mb": 10.0},
                           {"set": "febrl1", "tool": "libmpi", "not_available": "no command"},
                           {"set": "febrl1", "tool": "dedupe", "failure": "stopped at the time cap", "wall_s": 9,
                            "peak_rss_mb": 2.0}]}
        lines = table.markdown(main.rounded(json.loads(json.dumps(result)))).splitlines()
        self.assertTrue(lines[2].startswith("| febrl1 | libmpi | not available: no command |"))
        self.assertTrue(lines[3].startswith("| febrl1 | Splink | 1.0000 | 1.0000–1.0000 |"))
        self.assertIn("failed: stopped at the time cap", lines[4])
        self.assertIn("Skipped: fake_1000: fetch it.", lines)
        self.assertTrue(lines[-1].startswith("Not run: supervised trees on febrl1, febrl2,"))
        self.assertNotIn("fake_1000", lines[-1])
        self.assertEqual(len({line.count("|") for line in lines[:5]}), 1)

    def test_every_tool_has_an_adapter_and_pinned_requirements(self):
        for tool in tools.TOOLS:
            self.assertTrue((bout.ADAPTERS / tool.adapter).is_file())
            if tool.environment:
                pins = (ROOT / "bench/accuracy/requirements" / f"{tool.environment}.txt").read_text().splitlines()
                self.assertTrue(all("==" in pin for pin in pins if pin and not pin.startswith("#")), tool.name)


if __name__ == "__main__":
    unittest.main()
