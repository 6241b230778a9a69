# SPDX-License-Identifier: Apache-2.0
"""bench/endtoend and bench/growth: data, ratios, exponents and tables, without network or tools.
Argument: the sources."""
import csv
import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

ROOT = Path(sys.argv.pop(1) if len(sys.argv) > 1 else Path(__file__).parents[2])
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "bench" / "accuracy")]
from speed import contestants, data, easy_set, endtoend, growth, households, machine, marks, study_table, table  # noqa: E402

HEADER = ["record_id", "source", "name", "insurer", "symbol", "number", "branch", "postal_code", "prefecture", "city",
          "street", "phone"]


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


class EasySet(unittest.TestCase):
    def test_same_seed_same_bytes_and_a_fifth_second_rows(self):
        with tempfile.TemporaryDirectory() as folder:
            a, b = Path(folder) / "a", Path(folder) / "b"
            easy_set.generate(a, 1000, 3)
            easy_set.generate(b, 1000, 3)
            for name in ("patients.csv", "truth.csv"):
                self.assertEqual((a / name).read_bytes(), (b / name).read_bytes())
            persons = [row["person_id"] for row in rows_of(a / "truth.csv")]
            self.assertEqual((len(persons), len(set(persons))), (1000, 800))

    def test_blocking_rule_misses_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            easy_set.generate(Path(folder), 1000, 4)
            rows = {row["record_id"]: row for row in rows_of(Path(folder) / "patients.csv")}
            keys = {}
            for row in rows_of(Path(folder) / "truth.csv"):
                said = rows[row["record_id"]]
                keys.setdefault(row["person_id"], set()).add((said["birth"], said["postal_code"]))
            self.assertEqual({len(found) for found in keys.values()}, {1})


class Households(unittest.TestCase):
    def region(self, folder):
        folder.mkdir()
        write_rows(folder / "clinic.csv", HEADER, [
            ["1", "C", "甲 一", "i", "s", "n", "00", "p", "宮城県", "x", "y", "022"],
            ["2", "C", "甲 二", "i", "s", "n", "", "", "", "", "", ""],
            ["3", "C", "乙 三", "", "", "", "", "p", "", "x", "y", "022"]])
        write_rows(folder / "truth.csv", ["source", "record_id", "person_id"],
                   [["C", "1", "2"], ["C", "2", "3"], ["C", "3", "4"]])
        return data.given(folder)

    def test_persons_of_a_household_share_what_they_say_and_say_no_more(self):
        with tempfile.TemporaryDirectory() as folder:
            region = self.region(Path(folder) / "region")
            households.regroup(region, Path(folder) / "out", 2)
            one, two, three = rows_of(Path(folder) / "out" / "clinic.csv")
            self.assertEqual((one["symbol"], one["number"]), (two["symbol"], two["number"]))
            self.assertEqual((two["phone"], two["city"], two["branch"]), ("", "", ""))
            self.assertEqual((one["branch"], one["name"]), ("00", "甲 一"))
            self.assertNotEqual(one["phone"], three["phone"])
            self.assertEqual(three["symbol"], "")

    def test_as_many_addresses_and_phones_as_households(self):
        for field in ("symbol", "street", "phone"):
            places = {(v["city"], v[field]) for v in map(households.shared_values, range(30_000))}
            self.assertEqual(len(places), 30_000, field)


class Figures(unittest.TestCase):
    def test_ratios_are_of_one_round(self):
        def run(seconds):
            return {"wall_s": seconds, "cpu_s": seconds, "peak_mb": 100}
        found = endtoend.ratios([run(30), run(80)], [run(3), run(4)])
        self.assertEqual(found["wall_s"], {"median": 15, "low": 10, "high": 20})
        self.assertEqual(found["peak_mb"]["median"], 1)

    def test_exponents(self):
        points = [{"records": n, "cpu_s": 1e-5 * n ** 1.5, "peak_mb": n / 1e3, "pairs_a_record": 8,
                   "stages_s": {"score": 1e-6 * n}} for n in (10_000, 100_000, 1_000_000)]
        found = growth.exponents(points)
        self.assertAlmostEqual(found["all"]["processor time"], 1.5)
        self.assertAlmostEqual(found["all"]["peak memory"], 1)
        self.assertAlmostEqual(found["all"]["pairs a record"], 0)
        self.assertIn("CLIFF: 10,000 to 100,000", growth.verdict(found, False))
        flat = growth.exponents([p | {"cpu_s": p["records"] / 1e5} for p in points])
        self.assertIn("no cliff", growth.verdict(flat, False))

    def test_table_names_the_machine_and_no_path(self):
        tool = {"runs": [{}, {}], "wall_s": {"median": 2, "low": 1, "high": 3}, "cpu_s": {"median": 2, "low": 2, "high": 2},
                "peak_mb": {"median": 500, "low": 500, "high": 500},
                "scores": {"precision": 1, "recall": 0.99, "f1": 0.995},
                "blocking": {"recall": 0.999, "pairs_a_record": 7.5}}
        result = {"at": "2026-11-25T01:02:03+00:00", "threads": 2, "machine": machine.described(True),
                  "versions": {"nayose": "0.1.0", "splink": "5.0.0"},
                  "sets": {"region": {"what": "nayose generate", "records": 1000, "tools": {"nayose": tool, "splink": tool},
                                      "ratios": {"splink": {"wall_s": {"median": 4, "low": 3, "high": 5}}}}}}
        text = table.of(result)
        self.assertIn("| libmpi 0.1.0 | 2.0 (1.0–3.0) | 1 |", text)
        self.assertIn("4.0 (3.0–5.0)", text)
        self.assertIn(result["machine"]["processor"], text)
        self.assertNotIn("/work", text)

    def test_result_describes_data_without_paths(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "region.json").write_text(json.dumps({"persons_asked": 9, "seed": 8, "dirt": 1.0}))
            self.assertEqual(data.described(folder), "nayose generate --persons 9 --seed 8 --dirt 1")

    def test_settings_of_splink_leave_the_easy_set_its_recipe(self):
        field = contestants.Field(Path("nayose"), Path("cache"), 2)
        with mock.patch.object(contestants.environments, "python", return_value="python"):
            for recipe, want in (("region", "plain"), ("easy", "easy")):
                easy = data.DataSet("x", recipe, "", (Path("a.csv"),), Path("truth.csv"))
                command = field.command("splink_plain", easy, Path("out"))
                self.assertEqual(command[command.index("--recipe") + 1], want)


class Documents(unittest.TestCase):
    def test_a_table_takes_the_place_between_its_marks(self):
        text = "a\n<!-- x -->\nold\n<!-- /x -->\nb <!-- y --><!-- /y -->"
        self.assertEqual(marks.replaced(text, "x", "new \\1"), "a\n<!-- x -->\nnew \\1\n<!-- /x -->\nb <!-- y --><!-- /y -->")
        self.assertRaises(ValueError, marks.replaced, text, "z", "new")

    def test_marks_are_where_the_tools_write(self):
        for path, name in (("docs/scale.md", "constants"), ("bench/README.md", "kernels"), ("bench/README.md", "growth")):
            marks.replaced((ROOT / path).read_text(encoding="utf-8"), name, "")

    def test_kept_kernels_name_no_host_and_no_path(self):
        found = study_table.public({"context": {"host_name": "h", "executable": "/p", "num_cpus": 2}, "benchmarks": []})
        self.assertEqual(found["context"], {"num_cpus": 2})

    def test_growth_in_markdown(self):
        point = {"x": 1, "records": 1000, "wall_s": 1, "cpu_s": 1, "records_per_s": 1000, "peak_mb": 10, "pairs_a_record": 4,
                 "precision": 1, "recall": 1, "f1": 1}
        text = growth.tables({"at": "2026-11-25T", "machine": machine.described(False), "series": {"dirt": [point]}})
        header, rule, row = text.splitlines()[:3]
        self.assertEqual({header.count("|"), rule.count("|"), row.count("|")}, {12})


class Study(unittest.TestCase):
    MEASURED = {"records": 1_000_000, "cpu_s": 20.0, "pairs_a_record": 8.0, "links_a_record": 0.8}

    def test_the_engine_and_features_grow_with_records(self):
        small, large = (study_table.estimate(self.MEASURED, records) for records in (10**8, 10**9))
        for key in ("engine_hours", "features_gb", "keys_gb"):
            self.assertAlmostEqual(large[key] / small[key], 10, msg=key)

    def test_more_records_a_person_are_more_edges(self):
        small, large = (study_table.estimate(self.MEASURED, records) for records in (5 * 10**8, 10**9))
        self.assertAlmostEqual(small["edges_gb"], 5 * 10**8 * 1.5 * study_table.EDGE_BYTES / 1e9)
        self.assertAlmostEqual(large["edges_gb"], 10**9 * 3.5 * study_table.EDGE_BYTES / 1e9)

    def test_kernels_count_processor_time(self):
        kernels = {"BM_X/real_time": {"items_per_second": 1e6, "real_time": 4, "cpu_time": 2},
                   "BM_Y": {"items_per_second": 1e6, "real_time": 4, "cpu_time": 2}}
        self.assertAlmostEqual(study_table.cpu_us(kernels, "BM_X/real_time"), 0.5)
        self.assertAlmostEqual(study_table.cpu_us(kernels, "BM_Y"), 1)


if __name__ == "__main__":
    unittest.main()
