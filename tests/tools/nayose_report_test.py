#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""report.html: one file that needs nothing, and tells nothing of patients unless asked to."""
import csv
import html.parser
import json
import re
import shutil
import subprocess
import tempfile
import unicodedata
import unittest
from pathlib import Path

from command import FILES, ROOT, rows, run

SAMPLE = ROOT / "data/sample"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SECTIONS = ["summary", "quality", "weights", "accuracy", "clusters", "pairs", "review", "model", "names"]


class Page(html.parser.HTMLParser):
    """A page's elements; the text of those with an id."""

    def __init__(self, path=None, text=None):
        super().__init__()
        self.elements, self.texts, self.open_id = [], {}, None
        self.source = text if path is None else path.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag == "script":
            self.open_id = dict(attributes).get("id", f"script {len(self.elements)}")

    def handle_endtag(self, tag):
        if tag == "script":
            self.open_id = None

    def handle_data(self, data):
        if self.open_id:
            self.texts[self.open_id] = self.texts.get(self.open_id, "") + data

    def data(self):
        return json.loads(self.texts["data"])


def dump(path, language="ja", width=1280, profile=None):
    """The page as a browser has built it, and what its console said."""
    done = subprocess.run(
        [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", f"--window-size={width},900",
         f"--user-data-dir={profile}", "--virtual-time-budget=8000", "--dump-dom", f"file://{path}?lang={language}"],
        capture_output=True, text=True, timeout=120)
    return done.stdout, [line for line in done.stderr.splitlines() if ":CONSOLE" in line]


def values_of(path, columns):
    """Every value in these columns of a patient list."""
    with open(path, encoding="utf-8", newline="") as f:
        return {row[c].strip() for row in csv.DictReader(f) for c in columns if row.get(c, "").strip()}


def parts(value):
    return {p for p in re.split(r"[\s　・/／]+", value) if p}


def total_of(why):
    return why["prior"] + why["other"] + why["calibration"] + why["cap"] + sum(b["weight"] + b["frequency"] for b in why["bars"])


class OfTheSample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.dir = Path(cls.temp.name)
        files = [SAMPLE / f for f in FILES]
        truth = ["--truth", SAMPLE / "truth.csv", "--today", "2026-11-24"]
        cls.plain, cls.told = cls.dir / "plain", cls.dir / "told"
        cls.done = run("dedupe", *files, *truth, "--output", cls.plain, "--all-links")
        run("dedupe", *files, *truth, "--output", cls.told, "--with-values", "--no-state")
        cls.page, cls.told_page = Page(cls.plain / "report.html"), Page(cls.told / "report.html")
        cls.data = cls.page.data()

    @classmethod
    def tearDownClass(cls):
        cls.temp.cleanup()

    def test_it_needs_nothing_but_itself(self):
        for page in (self.page, self.told_page):
            for tag, attributes in page.elements:
                self.assertNotIn(tag, ("link", "img", "iframe", "object", "embed", "base"))
                for name in ("src", "href", "action", "data", "srcset"):
                    self.assertNotRegex(attributes.get(name) or "", r"^\s*(\w+:)?//|^\s*(https?|file|data):")
            style = page.source[page.source.index("<style>"):page.source.index("</style>")]
            self.assertNotRegex(style, r"url\(|@import")
            policies = [a["content"] for t, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
            self.assertIn("default-src 'none'", policies[0])
            self.assertLess(len(page.source.encode()), 3_000_000)

    def test_the_charts_licences_are_in_it(self):
        for words in ("vega 6", "vega-lite 6", "d3-array", "Redistribution and use in source and binary forms",
                      "University of Washington Interactive Data Lab"):
            self.assertIn(words, self.page.texts["licences"])

    def test_no_value_of_a_patient_without_with_values(self):
        text = self.page.texts["data"]
        # Names of sources and files apart, all is ASCII: no kanji, no kana.
        self.assertEqual([c for c in text if ord(c) > 127], [])
        told = self.told_page.texts["data"]
        found = 0
        for name in FILES:
            for column, shortest in (("name", 3), ("kana", 4), ("street", 4), ("phone", 6), ("number", 6), ("birth", 6),
                                     ("care_number", 6), ("city", 3)):
                for value in values_of(SAMPLE / name, [column]):
                    for form in {value, unicodedata.normalize("NFKC", value), *parts(value)}:
                        if len(form) < shortest:
                            continue
                        found += form in told
                        # Latin names and numbers: record ids may hold the digits of others by chance.
                        if not form.isdigit():
                            self.assertNotIn(form, text, f"a value of column {column}")
        self.assertGreater(found, 300)  # with values they are there

    def test_with_values_is_for_the_owner_only(self):
        self.assertEqual((self.told / "report.html").stat().st_mode & 0o777, 0o600)
        self.assertTrue(self.told_page.data()["with_values"])
        self.assertIn("top", self.told_page.data()["names"][0])
        self.assertNotIn("top", json.dumps(self.data["names"]))
        self.assertNotIn("stated", json.dumps(self.data["pairs"]))

    def test_figures_are_the_runs(self):
        summary = json.loads((self.plain / "summary.json").read_text())
        data, shown = self.data, self.data["run"]
        for name in ("rows_read", "rows_accepted", "rows_rejected", "records", "clusters", "links_match", "links_review",
                     "review_cases", "match_threshold", "review_threshold", "preset", "candidate_pairs", "warnings"):
            self.assertEqual(shown[name], summary[name], name)
        self.assertEqual({str(size): count for size, count in data["clusters"]}, summary["cluster_sizes"])
        self.assertEqual(sum(count for _, count in data["self_weights"]), summary["records"])
        counts = {}
        for found in data["quality"]["findings"]:
            counts[found["kind"]] = counts.get(found["kind"], 0) + found["count"]
        self.assertEqual(counts, summary["findings"])
        self.assertEqual(data["quality"]["all"]["records"], summary["records"])
        # Each weight of links.csv that is not a repeat beyond those listed stands in the histogram.
        at_least = sum(count for low, count in data["weights"] if low >= shown["match_threshold"])
        self.assertGreaterEqual(at_least, sum(float(r["match_weight"]) >= shown["match_threshold"]
                                              for r in rows(self.plain / "links.csv")))
        evaluation = json.loads((self.plain / "evaluation.json").read_text())
        self.assertEqual(data["evaluation"], evaluation)
        for point in evaluation["thresholds"]:
            self.assertLessEqual(point["precision_95"][0], point["precision"])
            self.assertGreaterEqual(point["recall_95"][1], point["recall"])

    def test_pairs_are_those_of_the_run(self):
        links = {(r["record_a"], r["source_a"], r["record_b"], r["source_b"]): r for r in rows(self.plain / "links.csv")}
        for pair in self.data["pairs"]["chosen"]:
            link = links[pair["a"]["id"], pair["a"]["source"], pair["b"]["id"], pair["b"]["source"]]
            self.assertAlmostEqual(float(link["match_weight"]), pair["why"]["weight"], places=2)
            why = pair["why"]
            self.assertAlmostEqual(total_of(why), why["weight"], places=1)
        strongest = max(float(link["match_weight"]) for link in links.values())
        self.assertAlmostEqual(self.data["pairs"]["chosen"][0]["why"]["weight"], strongest, places=2)
        review = rows(self.plain / "review.csv")
        cases = self.data["pairs"]["review"]
        self.assertEqual([c["case"] for c in cases], sorted({int(r["case"]) for r in review})[:200])
        self.assertEqual(sum(c["pairs"] for c in cases), len(review))

    def test_calibrated_weights_add_up(self):
        model = json.loads((self.plain / "model.json").read_text(encoding="utf-8"))
        model["calibration"] = {"intercept": -3, "slope": 1, "low": -5, "high": 5}
        path, out = self.dir / "calibrated.json", self.dir / "calibrated"
        path.write_text(json.dumps(model), encoding="utf-8")
        run("dedupe", *[SAMPLE / f for f in FILES], "--model", path, "--output", out, "--today", "2026-11-24")
        chosen = Page(out / "report.html").data()["pairs"]["chosen"]
        self.assertTrue(chosen)
        for pair in chosen:
            self.assertAlmostEqual(total_of(pair["why"]), pair["why"]["weight"], places=1)
            self.assertEqual(pair["why"]["calibration"], -3)
            self.assertTrue(pair["why"]["match"].startswith("match"))

    def test_every_word_has_both_languages(self):
        texts = json.loads(self.page.texts["texts"])
        for name, table in texts.items():
            for key, entry in table.items():
                if name == "any_level":
                    self.assertTrue(len(entry) == 3 and entry[0] in ("agrees", "near", "differs", "missing"), key)
                elif name == "level":
                    self.assertTrue(all(len(e) == 3 and e[0] in ("agrees", "near", "differs", "missing") for e in entry.values()))
                else:
                    self.assertEqual(len(entry), 2, key)
        for comparison in self.data["model"]["comparisons"]:
            table = texts["level"]["name" if comparison["name"].endswith("_name") else comparison["name"]]
            self.assertEqual({level["name"] for level in comparison["levels"]}, set(table) - {"missing"})
            labels = [tuple(table[level["name"]][1:]) for level in comparison["levels"]]
            for language in (0, 1):  # a chart tells levels apart by their words
                self.assertEqual(len({label[language] for label in labels}), len(labels), comparison["name"])
        self.assertEqual({c["name"] for c in self.data["model"]["classes"]}, set(texts["class"]))
        header = (ROOT / "libmpi/record/features.cc").read_text(encoding="utf-8")
        self.assertEqual(set(re.findall(r'FindingCode::\w+: return "(\w+)"', header)), set(texts["finding"]))
        reasons = re.findall(r'ReviewReason::\w+: return "(\w+)"', (ROOT / "libmpi/linkage/review.cc").read_text(encoding="utf-8"))
        self.assertTrue(reasons and all("reason_" + r in texts["text"] for r in reasons))
        script = "".join(t for i, t in self.page.texts.items() if i.startswith("script"))
        used = set(re.findall(r'Texts\.of\("(\w+)"', script)) - {"kind_", "reason_", "role_", "nav_", "model_", "zone_", "script_"}
        self.assertEqual(used - set(texts["text"]), set())

    def test_the_same_run_gives_the_same_bytes(self):
        again = self.dir / "again"
        run("dedupe", *[SAMPLE / f for f in FILES], "--truth", SAMPLE / "truth.csv", "--today", "2026-11-24",
            "--output", again, "--threads", 1)
        self.assertEqual((again / "report.html").read_bytes(), (self.plain / "report.html").read_bytes())

    @unittest.skipUnless(CHROMIUM, "no Chromium here")
    def test_a_browser_builds_every_section_without_complaint(self):
        for path, language, width in ((self.plain, "ja", 1280), (self.told, "en", 500)):
            built, said = dump(path / "report.html", language, width, self.dir / "profile")
            self.assertEqual(said, [])
            for section in SECTIONS:
                self.assertTrue(f'<section id="{section}">' in built, section)
            self.assertGreater(built.count("<svg"), 15)
            self.assertIn({"ja": "照合重みの分布", "en": "Distribution of match weights"}[language], built)
            body = built[built.index("<main"):built.index("</main>")]
            self.assertNotRegex(body, r">(undefined|null|NaN|\[object Object\])<|NaN|undefined")


class OfSmallRuns(unittest.TestCase):
    HOSTILE = ["</script><script>document.title='owned'</script>", "<img src=x onerror=\"document.title='owned'\">",
               "<!--<script>", "&lt;b&gt;", "'\"`${document.title='owned'}", "]]>--><svg onload=document.title='owned'>"]

    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.dir = Path(self.temp.name)

    def tearDown(self):
        self.temp.cleanup()

    def write(self, name, lines):
        path = self.dir / name
        with open(path, "w", encoding="utf-8", newline="") as f:
            csv.writer(f).writerows([["record_id", "source", "name", "kana", "birth", "phone", "address"], *lines])
        return path

    def test_no_report(self):
        path = self.write("a.csv", [["1", "H", "小鳥遊 朔", "タカナシ サク", "1980-01-02", "", ""]])
        out = self.dir / "out"
        self.assertIn(run("dedupe", path, "--output", out).returncode, (0, 1))
        self.assertTrue((out / "report.html").exists())
        self.assertIn(run("dedupe", path, "--output", out, "--force", "--no-report").returncode, (0, 1))
        self.assertFalse((out / "report.html").exists())  # not the earlier run's either

    def test_nothing_and_one_and_no_truth_are_fine(self):
        for n in (0, 1):
            path = self.write("a.csv", [["1", "H", "小鳥遊 朔", "タカナシ サク", "1980-01-02", "", ""]][:n])
            out = self.dir / f"out{n}"
            self.assertIn(run("dedupe", path, "--output", out).returncode, (0, 1))
            data = Page(out / "report.html").data()
            self.assertEqual((data["run"]["records"], data["evaluation"], data["pairs"]["review"]), (n, None, []))
            if CHROMIUM:
                built, said = dump(out / "report.html", profile=self.dir / "profile")
                self.assertEqual(said, [])
                self.assertIn('<section id="quality">', built)
                self.assertNotIn('<section id="accuracy">', built)

    def test_link_writes_one_too(self):
        new = self.write("new.csv", [["1", "H", "小鳥遊 朔", "タカナシ サク", "1980-01-02", "022-123-4567", ""]])
        known = self.write("known.csv", [["9", "R", "小鳥遊 朔", "タカナシ サク", "1980-01-02", "022-123-4567", ""]])
        out = self.dir / "out"
        self.assertIn(run("link", new, "--reference", known, "--output", out).returncode, (0, 1))
        data = Page(out / "report.html").data()
        self.assertEqual((data["run"]["command"], data["run"]["links_match"]), ("link", 1))
        self.assertEqual(data["pairs"]["chosen"][0]["role"], "strongest")

    def test_hostile_values_stay_text(self):
        lines = []
        for i, text in enumerate(self.HOSTILE):
            person = [text + " 太郎", "タカナシ サク" + text, "1980-01-%02d" % (i + 2), "022-123-45%02d" % i, text]
            lines += [[f"{i}{text}", f"H{text}", *person], [f"x{i}", f"C{text}", *person], [f"y{i}", "D", text, "", "1980-01-02", "", text]]
        out = self.dir / "out"
        path = self.write("<b>&.csv", lines)
        self.assertIn(run("dedupe", path, "--output", out, "--with-values", "--review-threshold", "-60").returncode, (0, 1))
        page = Page(out / "report.html")
        data = page.data()  # whole: nothing ended it early
        self.assertEqual(len([t for t, _ in page.elements if t == "script"]), 7)
        self.assertNotIn("<", page.texts["data"])
        told = json.dumps(data, ensure_ascii=False)
        for text in self.HOSTILE:
            self.assertIn(json.dumps(text, ensure_ascii=False)[1:-1], told)
        if CHROMIUM:
            built, said = dump(out / "report.html", "en", profile=self.dir / "profile")
            self.assertEqual(said, [])
            self.assertRegex(built, r"<title>Linkage report")
            main = built[built.index("<main"):built.index("</main>")]
            self.assertIn("&lt;b&gt;&amp;.csv", main)
            inside = Page(text=main)
            self.assertEqual({tag for tag, _ in inside.elements} & {"img", "script"}, set())
            self.assertEqual([a for _, attributes in inside.elements for a in attributes if a.startswith("on")], [])

    def test_broken_text_is_no_broken_page(self):
        path = self.dir / "bad.csv"
        path.write_bytes("record_id,source,name,birth\n1,H,".encode() + b"\xe5\x85\xff\xfe\x00x" + ",1980-01-02\n2,H,渡辺 次郎,1955-05-06\n".encode())
        out = self.dir / "out"
        self.assertIn(run("dedupe", path, "--encoding", "UTF-8", "--output", out, "--with-values").returncode, (0, 1))
        self.assertIn("run", Page(out / "report.html").data())


if __name__ == "__main__":
    import sys
    unittest.main(argv=sys.argv[:1], verbosity=1)
