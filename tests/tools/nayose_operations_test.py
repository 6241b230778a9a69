#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a network's office does every month by the command: the report, and thresholds from decisions."""
import datetime
import sys
import unittest

from command import FILES, run
from registry_case import RegistryCase

HEADER = "source,record_id,name,kana,birth,sex,insurer,symbol,number,branch,prefecture,city,street,phone\n"
YAMADA = "山田 太郎,ヤマダ タロウ,1960-04-01,男,06270017,12-34,567,01,東京都,港区,芝1-2-3,03-1234-5678\n"
SATO = "佐藤 恵子,サトウ ケイコ,1965-03-03,女,,,,,,,,\n"
VALUES = ["山田", "ヤマダ", "1960", "0312345678", "03-1234-5678", "佐藤"]
CLERK = ["--profession", "clerk", "--purpose", "registration"]
STEWARD = ["--profession", "steward", "--purpose", "stewardship", "--actor", "steward1"]
OPERATOR = ["--profession", "operator", "--purpose", "operations"]
AUDITOR = ["--profession", "auditor", "--purpose", "audit"]
MONTH = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=9)).strftime("%Y-%m")


class Operations(RegistryCase):
    def setUp(self):
        super().setUp()
        self.good("create", self.net)

    def put(self, rows, *more):
        (self.dir / "rows.csv").write_text(HEADER + rows, encoding="utf-8")
        self.good("put", self.net, self.dir / "rows.csv", *more)

    def make_network(self):
        for name, authority in (("hospital", "H001"), ("clinic", "C002")):
            self.good("facilities", self.net, "--add", name, "--kind", name, "--authority", authority, *OPERATOR)
        self.put("H001,7," + YAMADA + "H001,8," + SATO, "--at", "hospital", *CLERK)
        self.put("C002,7," + YAMADA + "C002,8," + SATO, "--at", "clinic", *CLERK)
        self.good("consent", self.net, "C002:7", "--register", "--from", MONTH + "-01", "--at", "clinic", *CLERK)

    def test_a_month_of_a_network_is_reported(self):
        self.make_network()
        report = self.ask("report", self.net, "--month", MONTH, "--population", 100, *OPERATOR)[0]
        self.assertEqual((report["month"], report["is_over"]), (MONTH, False))
        self.assertEqual(report["at_begin"], {"persons": 0, "records": 0})
        self.assertEqual(report["at_end"], {"persons": 3, "records": 4})
        self.assertEqual(report["duplicates_found"], 1)
        self.assertEqual(report["registered_share"], 0.01)
        self.assertEqual(report["registered_in_month"], 1)
        self.assertEqual(report["review"]["waiting"]["count"], 1)
        self.assertLess(report["review"]["waiting"]["oldest_days_at_most"], 1)
        self.assertEqual(report["review"]["by_reason"], {"common_name": 1})
        self.assertEqual({f["facility"]: f["records"] for f in report["facilities"]}, {"hospital": 2, "clinic": 2})
        self.assertEqual(report["facilities"][0]["said"]["address"], 0.5)
        self.assertEqual(report["use"]["not_asked"], ["clinic", "hospital"])
        self.assertEqual(report["use"]["share_fed_and_asked"], 0)
        self.good("decide", self.net, "H001:8", "C002:8", "--different", *STEWARD)
        self.good("find", self.net, "H001:7", "--at", "clinic", "--profession", "physician", "--purpose", "treatment")
        report = self.ask("report", self.net, "--month", MONTH, *OPERATOR)[0]
        self.assertEqual(report["review"]["waiting"]["count"], 0)
        self.assertEqual([(s["steward"], s["same"], s["different"]) for s in report["stewards"]], [("steward1", 0, 1)])
        self.assertEqual(report["use"]["share_fed_and_asked"], 0.5)
        out = self.dir / "report.md"
        self.assertEqual(self.good("report", self.net, "--month", MONTH, "--output", out, *OPERATOR), "")
        text = out.read_text(encoding="utf-8")
        for title in ("# Monthly report " + MONTH, "## Persons and records", "## Registered persons", "## Duplicates",
                      "## Review", "## Stewards", "## Data quality", "## Use", "the programme's goal: 80 %"):
            self.assertIn(title, text)
        for value in VALUES:
            self.assertNotIn(value, text)
        self.assertEqual(out.stat().st_mode & 0o777, 0o600)
        actions = [e["action"] for e in self.ask("audit", self.net, "--count", 1000, *AUDITOR)]
        self.assertEqual(actions.count("monthly_report"), 3)
        self.refused("no rule of the network", "report", self.net, "--month", MONTH, "--at", "hospital", *CLERK)
        self.refused("2026-11", "report", self.net, "--month", "November", *OPERATOR, code=2)
        self.refused("not begun", "report", self.net, "--month", "2999-01", *OPERATOR, code=2)

    def test_a_registry_alone_is_reported_without_consent(self):
        self.put("H001,7," + YAMADA + "H001,9," + YAMADA)
        report = self.ask("report", self.net, "--month", MONTH)[0]
        self.assertEqual(report["authorities"][0]["persons_with_several_records"], 1)
        self.assertNotIn("registrations", report)
        self.assertNotIn("use", report)
        text = self.good("report", self.net, "--month", MONTH)
        self.assertIn("## Data quality", text)
        self.assertNotIn("Registered", text)
        self.assertIn("# Monthly report", self.good("report", self.net))  # the month before

    def test_thresholds_are_advised_from_decisions_previewed_and_applied(self):
        self.assertIn("not enough decisions: 0", self.good("thresholds", self.net))
        # A region with many errors, so that there is something to ask about.
        region = self.dir / "region"
        self.assertEqual(run("generate", "-o", region, "--persons", 5000, "--seed", 7, "--dirt", 8).returncode, 0)
        self.good("load", self.net, *(region / file for file in FILES))
        between = [q for q in self.ask("review", self.net, "--count", 1000) if q["reason"] == "between_thresholds"]
        asked = sorted(between, key=lambda q: -q["weight"])[:32]
        for q in asked:
            pair = [q[end]["source"] + ":" + q[end]["record_id"] for end in ("a", "b")]
            self.good("decide", self.net, *pair, "--same")
        advice = self.ask("thresholds", self.net, "--wrong-links", 0.2)[0]
        self.assertEqual((advice["verdict"], advice["decisions"], advice["would_link_wrong"]), ("move", len(asked), 0))
        self.assertLess(advice["match_threshold"], 6)
        self.assertIn("not enough decisions", self.good("thresholds", self.net))
        preview = self.ask("thresholds", self.net, "--wrong-links", 0.2, "--preview")[1]
        self.assertFalse(preview["applied"])
        self.assertLessEqual(preview["questions_after"], preview["questions_before"])
        confirmed = ["--match-threshold", f"{advice['match_threshold']:.3f}",
                     "--review-threshold", f"{advice['review_threshold']:.3f}"]
        self.refused("confirm", "thresholds", self.net, "--wrong-links", 0.2, "--apply", code=2)
        self.refused("not the thresholds", "thresholds", self.net, "--wrong-links", 0.2, "--apply",
                     "--match-threshold", 0.1, "--review-threshold", -1)
        self.refused("no thresholds are advised", "thresholds", self.net, "--apply", *confirmed)
        done = self.ask("thresholds", self.net, "--wrong-links", 0.2, "--apply", *confirmed)[1]
        self.assertTrue(done["applied"])
        self.assertEqual(done["merged"], preview["merged"])
        self.assertAlmostEqual(self.ask("stats", self.net)[0]["match_threshold"], advice["match_threshold"], places=3)
        self.good("verify", self.net)

    def test_who_sets_thresholds_of_a_network_is_noted(self):
        self.make_network()
        self.good("thresholds", self.net, *STEWARD)
        self.refused("no rule of the network", "thresholds", self.net, "--preview", *STEWARD)
        self.good("thresholds", self.net, "--preview", *OPERATOR)
        self.refused("no thresholds are advised", "thresholds", self.net, "--apply", "--match-threshold", 5,
                     "--review-threshold", 0, *OPERATOR)
        noted = [(e["action"], e["outcome"]) for e in self.ask("audit", self.net, "--count", 1000, *AUDITOR)]
        self.assertEqual([n for n in noted if "thresholds" in n[0]],
                         [("thresholds", "done"), ("preview_thresholds", "refused"), ("preview_thresholds", "done"),
                          ("apply_thresholds", "done")])

    def test_help_lists_both(self):
        text = self.good("--help")
        self.assertIn("report", text)
        self.assertIn("thresholds", text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
