#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A network's registry by its command: who asks is said, what may be told is told, and every question leaves an entry."""
import json
import sys
import unittest

from registry_case import RegistryCase

HEADER = "source,record_id,name,kana,birth,sex,insurer,symbol,number,branch,prefecture,city,street,phone\n"
YAMADA = "山田 太郎,ヤマダ タロウ,1960-04-01,男,06270017,12-34,567,01,東京都,港区,芝1-2-3,03-1234-5678\n"
YAMADA_AGAIN = "山田 太郎,ﾔﾏﾀﾞ ﾀﾛｳ,昭和35年4月1日,1,06270017,12-34,567,01,東京都,港区,芝１丁目２番３号,0312345678\n"
VALUES = ["山田", "ヤマダ", "1960", "0312345678", "03-1234-5678"]
CLERK = ["--profession", "clerk", "--purpose", "registration"]
DOCTOR = ["--profession", "physician", "--purpose", "treatment"]
STEWARD = ["--profession", "steward", "--purpose", "stewardship"]
AUDITOR = ["--profession", "auditor", "--purpose", "audit"]
OPERATOR = ["--profession", "operator", "--purpose", "operations"]


class NetworkOfTwo(RegistryCase):
    VALUES = VALUES

    def setUp(self):
        super().setUp()
        self.good("create", self.net)
        for name, authority, more in (("hospital", "H001", []), ("clinic", "C002", []), ("pharmacy", "P003", ["--no-feeds"])):
            self.good("facilities", self.net, "--add", name, "--kind", name, "--authority", authority, *more, *OPERATOR)
        for source, facility, row in (("H001", "hospital", YAMADA), ("C002", "clinic", YAMADA_AGAIN)):
            (self.dir / "one.csv").write_text(HEADER + source + ",7," + row, encoding="utf-8")
            self.good("put", self.net, self.dir / "one.csv", "--at", facility, *CLERK)

    def found(self, key, facility, who=DOCTOR):
        at = ["--at", facility] if facility else []
        answer = self.ask("find", self.net, key, *at, *who)[0]
        return [k["source"] for k in answer["identifiers"]]

    def test_consent_decides_who_is_told(self):
        self.assertEqual(self.found("C002:7", "clinic"), ["C002"])
        self.refused("no such identifier", "find", self.net, "H001:7", "--at", "pharmacy", *DOCTOR)
        self.assertEqual(self.found("H001:7", "", STEWARD), ["C002", "H001"])
        said = self.ask("consent", self.net, "C002:7", "--register", "--from", "2026-04-01", "--reference", "form 12",
                        "--at", "clinic", *CLERK)[0]
        self.assertEqual(said, {"state": "registered", "since": "2026-04-01"})
        self.assertEqual(self.found("H001:7", "pharmacy"), ["C002", "H001"])
        search = self.ask("search", self.net, "--name", "山田太郎", "--birth", "S35.4.1", "--at", "pharmacy", *DOCTOR)[0]
        self.assertEqual(len(search["candidates"]), 1)
        golden = self.ask("golden", self.net, "H001:7", "--at", "pharmacy", *DOCTOR)[0]
        self.assertEqual({v["field"] for v in golden["values"]}, {"name", "kana", "birth", "sex", "address", "phone"})
        self.good("consent", self.net, "H001:7", "--withdraw", "--from", "2026-05-01", "--at", "hospital", *CLERK)
        self.refused("no such identifier", "golden", self.net, "H001:7", "--at", "pharmacy", *DOCTOR)
        self.assertEqual(self.ask("search", self.net, "--name", "山田太郎", "--at", "pharmacy", *DOCTOR)[0]["candidates"], [])
        shown = self.ask("consent", self.net, "H001:7", *OPERATOR)[0]
        self.assertEqual([s["kind"] for s in shown["said"]], ["registered", "withdrawn"])
        self.assertEqual(shown["state"], "withdrawn")
        # An emergency sees beyond it, with a reason, and stands out.
        self.refused("reason", "find", self.net, "H001:7", "--at", "pharmacy", "--profession", "pharmacist", "--purpose", "emergency")
        self.assertEqual(len(self.ask("find", self.net, "H001:7", "--at", "pharmacy", "--profession", "pharmacist", "--purpose",
                                      "emergency", "--reason", "unconscious")[0]["identifiers"]), 2)
        beyond = self.ask("audit", self.net, "--beyond-consent", *AUDITOR)
        self.assertEqual([(e["action"], e["facility"], e["reason"]) for e in beyond], [("find", "pharmacy", "unconscious")])

    def test_whoever_comes_says_who_they_are(self):
        for command in (["find", self.net, "H001:7"], ["stats", self.net], ["history", self.net], ["export", self.net],
                        ["backup", self.net, self.dir / "copy"], ["put", self.net, self.dir / "one.csv"]):
            self.refused("is a network's registry", *command, code=2)
        self.refused("no rule of the network", "export", self.net, *OPERATOR)
        self.refused("no rule of the network", "stats", self.net, "--at", "hospital", *DOCTOR)
        self.refused("no such facility", "find", self.net, "H001:7", "--at", "nowhere", *DOCTOR)
        self.assertFalse((self.dir / "copy").exists())
        self.good("stats", self.net, *OPERATOR)
        self.good("backup", self.net, self.dir / "copy", *OPERATOR)
        self.good("verify", self.net, *OPERATOR)
        refused = [e["action"] for e in self.ask("audit", self.net, *AUDITOR) if e["outcome"] == "refused"]
        self.assertEqual(refused, ["export", "stats", "find"])

    def test_a_facility_puts_its_own_records_alone(self):
        done = self.ask("put", self.net, self.dir / "one.csv", "--at", "hospital", *CLERK, code=1)
        self.assertEqual(done[0]["outcome"], "refused")
        done = self.ask("put", self.net, self.dir / "one.csv", "--at", "pharmacy", *CLERK, code=1)
        self.assertEqual(done[0]["outcome"], "refused")
        events = self.ask("history", self.net, "--at", "hospital", *CLERK)
        self.assertEqual([e["record"]["source"] for e in events], ["H001"])

    def test_the_trail_counts_finds_and_proves(self):
        entries = self.ask("audit", self.net, "--count", 1000, *AUDITOR)
        self.assertEqual([e["entry"] for e in entries], list(range(1, len(entries) + 1)))
        self.assertEqual([e["action"] for e in entries], ["put_facility"] * 3 + ["put"] * 2)
        self.assertNotIn("山田", json.dumps(entries, ensure_ascii=False))
        anchor = self.good("anchor", self.net, *AUDITOR)
        (self.dir / "anchors").write_text(anchor)
        self.found("H001:7", "hospital")
        self.assertIn("sound", self.good("audit", self.net, "--verify", "--anchors", self.dir / "anchors", *AUDITOR))
        words = anchor.split()
        (self.dir / "anchors").write_text(" ".join([*words[:2], "9999", *words[3:]]) + "\n")
        self.assertIn("rolled back", self.good("audit", self.net, "--verify", "--anchors", self.dir / "anchors", *AUDITOR, code=1))
        (self.dir / "anchors").write_text("no anchor\n")
        self.refused("line 1", "audit", self.net, "--verify", "--anchors", self.dir / "anchors", *AUDITOR)
        looked = self.ask("audit", self.net, "--of", "H001:7", "--profession", "operator", "--purpose", "patient_request")
        self.assertEqual([e["action"] for e in looked], ["find", "put", "put"])
        usage = self.ask("audit", self.net, "--usage", "2026-01", *AUDITOR)
        self.assertEqual(sum(u["count"] for u in usage if u["action"] == "put"), 2)

    def test_pseudonyms_tell_nobody_who_somebody_is_without_the_key(self):
        research = ["--profession", "researcher", "--purpose", "research"]
        key, out = self.dir / "key", self.dir / "rows.csv"
        self.good("pseudonyms", "--new-key", key)
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        self.good("pseudonyms", self.net, "--project", "cohort", "--key", key, "--output", out, *research)
        self.assertEqual(len(out.read_text().splitlines()), 1)  # nobody has registered yet
        self.good("consent", self.net, "C002:7", "--register", "--from", "2026-04-01", "--at", "clinic", *CLERK)
        self.good("pseudonyms", self.net, "--project", "cohort", "--key", key, "--output", out, *research)
        rows = [line.split(",") for line in out.read_text().splitlines()]
        self.assertEqual(sorted(r[0] for r in rows[1:]), ["C002", "H001"])
        column = rows[0].index("person")
        self.assertEqual(len({r[column] for r in rows[1:]}), 1)
        for value in VALUES:
            self.assertNotIn(value, out.read_text())
        asks = ["--profession", "operator", "--purpose", "patient_request"]
        self.refused("reason", "reidentify", self.net, rows[1][column], "--project", "cohort", "--key", key, *asks)
        found = self.ask("reidentify", self.net, rows[1][column], "--project", "cohort", "--key", key, *asks, "--reason", "finding")[0]
        self.assertEqual(len(found["identifiers"]), 2)
        self.refused("no", "reidentify", self.net, rows[1][column], "--project", "another", "--key", key, *asks, "--reason", "x")
        self.refused("no rule of the network", "pseudonyms", self.net, "--project", "cohort", "--key", key, *OPERATOR)
        key.chmod(0o644)
        self.refused("chmod", "pseudonyms", self.net, "--project", "cohort", "--key", key, *research)

    def test_registered_persons_are_reported(self):
        self.good("consent", self.net, "C002:7", "--register", "--from", "2026-04-01", "--at", "clinic", *CLERK)
        report = self.ask("registered", self.net, "--population", 100, *OPERATOR)[0]
        self.assertEqual((report["persons"], report["registered"], report["share"]), (1, 1, 0.01))
        self.assertEqual({f["facility"]: f["registered"] for f in report["facilities"]}, {"clinic": 1, "hospital": 1})
        self.assertEqual(report["months"], [{"month": "2026-04", "registered": 1}])

    def test_rules_are_read_and_set(self):
        rules = json.loads(self.good("rules", self.net, *OPERATOR))
        rules["consent"] = "opt_out"
        (self.dir / "rules.json").write_text(json.dumps(rules))
        self.good("rules", self.net, "--set", self.dir / "rules.json", *OPERATOR)
        self.assertEqual(self.found("H001:7", "pharmacy"), ["C002", "H001"])
        self.refused("no rule of the network", "rules", self.net, "--set", self.dir / "rules.json", "--at", "hospital", *DOCTOR)
        rules["rules"][0]["who"] = ["wizard"]
        (self.dir / "rules.json").write_text(json.dumps(rules))
        self.refused('rules[0]: "who"', "rules", self.net, "--set", self.dir / "rules.json", *OPERATOR)

    def test_what_makes_no_sense_is_said(self):
        at = ["--at", "clinic", *CLERK]
        self.refused("first day", "consent", self.net, "C002:7", "--register", *at, code=2)
        self.refused("first day", "consent", self.net, "C002:7", "--register", "--from", "1 April", *at, code=2)
        self.refused("either", "consent", self.net, "C002:7", "--register", "--withdraw", *at, code=2)
        self.refused("--register or --withdraw", "consent", self.net, "C002:7", "--from", "2026-04-01", *at, code=2)
        self.refused("another facility's", "facilities", self.net, "--add", "other", "--authority", "C002", *OPERATOR)
        self.refused("profession", "find", self.net, "C002:7", "--profession", "wizard", "--purpose", "treatment", code=2)
        (self.dir / "bad.txt").write_text("address: oldest\n")
        self.refused("line 1", "golden", self.net, "--set", self.dir / "bad.txt", *OPERATOR)
        self.good("golden", self.net, "--set", "/dev/null", *OPERATOR)
        (self.dir / "good.txt").write_text("address: newest\ntrusted: H001\n")
        self.assertIn("trusted: H001", self.good("golden", self.net, "--set", self.dir / "good.txt", *OPERATOR))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
