#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""nayose registry absorb: two networks become one, once and again; and tenants by the command."""
import sys
import unittest

from registry_case import RegistryCase

HEADER = "source,record_id,name,kana,birth,sex,insurer,symbol,number,branch,prefecture,city,street,phone\n"
YAMADA = "山田 太郎,ヤマダ タロウ,1960-04-01,男,06270017,12-34,567,01,東京都,港区,芝1-2-3,03-1234-5678\n"
SUZUKI = "鈴木 花子,スズキ ハナコ,1985-12-24,女,06270018,55-66,890,02,大阪府,大阪市,北区梅田4-5-6,06-2345-6789\n"
VALUES = ["山田", "ヤマダ", "1960", "03-1234-5678"]
CLERK = ["--profession", "clerk", "--purpose", "registration"]
NURSE = ["--profession", "nurse", "--purpose", "emergency", "--reason", "unconscious"]
STEWARD = ["--profession", "steward", "--purpose", "stewardship"]
AUDITOR = ["--profession", "auditor", "--purpose", "audit"]
OPERATOR = ["--profession", "operator", "--purpose", "operations"]


class TwoNetworks(RegistryCase):
    VALUES = VALUES

    def setUp(self):
        super().setUp()
        self.north, self.south = self.dir / "north", self.dir / "south"
        for net, facility, authority in ((self.north, "hospital", "H001"), (self.south, "clinic", "C002")):
            self.good("create", net)
            self.good("facilities", net, "--add", facility, "--kind", facility, "--authority", authority, *OPERATOR)
            self.put(net, facility, authority, "7", YAMADA)

    def put(self, net, facility, authority, number, row):
        (self.dir / "one.csv").write_text(HEADER + authority + "," + number + "," + row, encoding="utf-8")
        self.good("put", net, self.dir / "one.csv", "--at", facility, *CLERK)

    def person(self, net, key, who=STEWARD, at=()):
        answer = self.ask("find", net, key, *at, *who)[0]
        return answer["person"], [k["source"] for k in answer["identifiers"]]

    def absorb(self, *more, code=0):
        return self.ask("absorb", self.north, self.south, "--name", "SOUTH", *more, *OPERATOR, code=code)

    def test_two_become_one_and_go_on(self):
        theirs, _ = self.person(self.south, "C002:7")
        ours, _ = self.person(self.north, "H001:7")
        self.good("consent", self.south, "C002:7", "--register", "--from", "2026-04-01", "--at", "clinic", *CLERK)
        foreseen = self.absorb("--dry-run")[-1]
        self.assertEqual((foreseen["dry_run"], foreseen["created"], foreseen["conflicts"]), (True, 1, 0))
        self.refused("no such identifier", "find", self.north, "C002:7", *STEWARD)
        done = self.absorb()[-1]
        self.assertEqual([done[k] for k in ("records", "created", "facilities", "statements", "names")], [1, 1, 1, 1, 1])
        self.assertEqual(self.person(self.north, "SOUTH:" + theirs), (ours, ["C002", "H001"]))
        self.assertEqual(self.person(self.north, ours)[1], ["C002", "H001"])
        # The patient's word came along: the other's facility is told.
        self.assertEqual(self.person(self.north, "C002:7", ["--profession", "physician", "--purpose", "treatment"],
                                     ["--at", "clinic"])[1], ["C002", "H001"])
        again = self.absorb()[-1]
        self.assertEqual(sum(again[k] for k in ("created", "revised", "names", "statements", "facilities")), 0)
        self.put(self.south, "clinic", "C002", "8", SUZUKI)
        self.good("retire", self.south, "C002:7", "--at", "clinic", *CLERK)
        more = self.absorb()[-1]
        self.assertEqual([more[k] for k in ("full", "created", "retired")], [False, 1, 1])
        self.refused("retired", "find", self.north, "C002:7", *STEWARD)
        self.assertEqual(self.person(self.north, ours)[1], ["H001"])
        self.assertIn("sound", self.good("verify", self.north, *OPERATOR))
        self.assertIn("sound", self.good("audit", self.north, "--verify", *AUDITOR))
        entries = self.ask("audit", self.north, "--count", "1000", *AUDITOR)
        absorbed = [e for e in entries if e["action"] == "absorbed"]
        self.assertEqual(len(absorbed), 4)
        self.assertIn("its trail", absorbed[-1]["detail"])

    def test_what_stands_in_the_way(self):
        self.refused("--profession", "absorb", self.north, self.south, "--name", "SOUTH", code=2)
        self.refused("no rule", "absorb", self.north, self.south, "--name", "SOUTH", *STEWARD)
        self.refused("no such folder", "absorb", self.north, self.dir / "none", "--name", "SOUTH", *OPERATOR)
        self.good("facilities", self.south, "--add", "hospital", "--authority", "H001", *OPERATOR)
        self.put(self.south, "hospital", "H001", "9", SUZUKI)
        ways = self.absorb("--dry-run", code=1)
        self.assertEqual([w["conflict"] for w in ways[:-1]], ["authority", "facility"])
        self.refused("these stand in the way: authority H001 has records in both", "absorb", self.north, self.south, "--name",
                     "SOUTH", *OPERATOR)
        plain = self.dir / "plain"
        self.good("create", plain)
        self.refused("register a facility", "absorb", plain, self.south, "--name", "SOUTH")
        self.put_plain(plain)
        done = self.ask("absorb", self.north, plain, "--name", "PLAIN", *OPERATOR)[-1]
        self.assertEqual(done["created"], 1)

    def put_plain(self, folder):
        (self.dir / "one.csv").write_text(HEADER + "X,1," + SUZUKI, encoding="utf-8")
        self.good("put", folder, self.dir / "one.csv")

    def test_tenants_are_told_nothing_of_one_another(self):
        self.good("facilities", self.north, "--add", "hospital", "--authority", "H001", "--tenant", "N", *OPERATOR)
        self.absorb("--tenant", "S")
        shown = {f["name"]: f["tenant"] for f in self.ask("facilities", self.north, *OPERATOR)}
        self.assertEqual(shown, {"hospital": "N", "clinic": "S"})
        self.assertIn("tenant S", self.good("facilities", self.north, *OPERATOR))
        self.assertEqual(self.person(self.north, "H001:7", NURSE, ["--at", "hospital"])[1], ["H001"])
        self.refused("no such identifier", "find", self.north, "C002:7", "--at", "hospital", *NURSE)
        self.refused("office", "rules", self.north, "--at", "hospital", *OPERATOR)
        rules = self.good("rules", self.north, *OPERATOR)
        self.assertIn('"tenants_apart": true', rules)
        (self.dir / "rules.json").write_text(rules.replace('"tenants_apart": true', '"tenants_apart": false'))
        self.good("rules", self.north, "--set", self.dir / "rules.json", *OPERATOR)
        self.assertEqual(self.person(self.north, "H001:7", NURSE, ["--at", "hospital"])[1], ["C002", "H001"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
