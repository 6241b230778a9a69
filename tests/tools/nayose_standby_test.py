#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A registry's standby and its erasures by their commands, as an operator at a shell sees them."""
import shutil
import subprocess
import sys
import time
import unittest

from command import NAYOSE
from registry_case import RegistryCase

HEADER = "source,record_id,name,kana,birth,sex,phone\n"
OPERATOR = ["--profession", "operator", "--purpose", "operations"]
REQUEST = ["--profession", "operator", "--purpose", "patient_request"]


class Folder(RegistryCase):
    def setUp(self):
        super().setUp()
        self.standby = self.dir / "standby"
        self.good("create", self.net)

    def put(self, *ids, who="山田 太郎,ヤマダ タロウ,1960-04-01,男,03-1234-5678"):
        file = self.dir / "put.csv"
        file.write_text(HEADER + "".join(f"H001,{i},{who}\n" for i in ids), encoding="utf-8")
        self.good("put", self.net, file)


class Standby(Folder):
    def test_ships_follows_and_takes_over(self):
        self.put(1, 2)
        self.assertIn("--follow", self.good("ship", self.net, self.standby, "--start"))
        self.put(3)
        self.assertIn("shipped up to commit", self.good("ship", self.net, self.standby))
        self.good("standby", self.standby, "--apply", self.dir / "replica")
        self.assertEqual(self.ask("stats", self.dir / "replica")[0]["records"], 3)
        self.refused("promote the standby first", "retire", self.dir / "replica", "H001:1")
        self.put(4)
        self.good("ship", self.net, self.standby)
        self.put(5)
        text = self.good("promote", self.standby, self.dir / "replica")
        self.assertIn("event 4", text)
        self.assertIn("whatever the first acknowledged after", text)
        self.assertEqual(self.ask("stats", self.dir / "replica")[0]["records"], 4)
        self.good("verify", self.dir / "replica")
        self.good("retire", self.dir / "replica", "H001:1")
        self.refused("promoted", "ship", self.net, self.standby)
        self.assertIn("promoted", self.good("standby", self.standby))

    def test_with_the_disk_of_the_first_nothing_is_missing(self):
        self.good("ship", self.net, self.standby, "--start")
        self.put(1, 2, 3)
        text = self.good("promote", self.standby, self.dir / "second", "--first", self.net)
        self.assertIn("nothing", text)
        self.assertEqual(self.ask("stats", self.dir / "second")[0]["records"], 3)

    def test_follows_beside_who_writes(self):
        self.good("ship", self.net, self.standby, "--start")
        ship = subprocess.Popen([NAYOSE, "registry", "ship", self.net, self.standby, "--follow", "--every", "0.05", "--json"],
                                stdout=subprocess.PIPE)
        try:
            for i in range(5):
                self.put(i + 1)
            events = self.ask("stats", self.net)[0]["events"]
            for _ in range(100):
                if events == 5 and self.ask("standby", self.standby)[0]["shipped"] >= 6:
                    break
                time.sleep(0.1)
        finally:
            ship.send_signal(subprocess.signal.SIGINT)
            self.assertEqual(ship.wait(timeout=20), 130)
            ship.stdout.close()
        self.good("promote", self.standby, self.dir / "second")
        self.assertEqual(self.ask("stats", self.dir / "second")[0]["records"], 5)

    def test_what_has_not_come_is_told(self):
        self.refused("none was started", "ship", self.net, self.standby)
        self.good("ship", self.net, self.standby, "--start")
        self.put(1)
        self.good("ship", self.net, self.standby)
        self.put(2)
        self.good("ship", self.net, self.standby)
        copy = self.dir / "copy"
        shutil.copytree(self.standby, copy)
        last = sorted((copy / "log").iterdir())[-1]
        last.unlink()
        self.refused("have not come here", "promote", copy, self.dir / "second")
        answer = self.ask("promote", copy, self.dir / "second", "--accept-loss")[0]
        self.assertGreater(answer["missing"], 0)
        self.assertEqual(answer["events"], 1)
        self.refused("holds something else", "promote", self.standby, self.net)


class Erasure(Folder):
    def test_a_record_and_a_person(self):
        self.put(1, 2, 3)
        self.refused("needs a --reason", "erase", self.net, "H001:1", code=2)
        self.assertIn("1 erased", self.good("erase", self.net, "H001:1", "--reason", "request 12"))
        self.refused("retired", "find", self.net, "H001:1")
        self.assertEqual(self.ask("erase", self.net, "H001:2", "--person", "--reason", "request 12")[0]["records"], 2)
        self.good("compact", self.net)
        self.good("verify", self.net)
        events = self.ask("history", self.net)
        self.assertEqual([e["kind"] for e in events[-3:]], ["erased"] * 3)
        self.assertEqual(events[-1]["reason"], "request 12")
        self.refused("no such identifier", "erase", self.net, "H001:9", "--reason", "x")

    def test_an_export_of_what_was_erased(self):
        self.put(1, 2)
        self.good("erase", self.net, "H001:1", "--reason", "request 12")
        self.good("export", self.net, "--output", self.dir / "all.ndjson")
        self.assertEqual((self.dir / "all.ndjson").read_text(encoding="utf-8").count("1960-04-01"), 1)
        self.good("create", self.dir / "again")
        self.good("import", self.dir / "again", self.dir / "all.ndjson")
        self.refused("retired", "find", self.dir / "again", "H001:1")
        self.good("verify", self.dir / "again")

    def test_retention(self):
        self.refused("is a network's", "retention", self.net, code=2)
        self.good("facilities", self.net, "--add", "hospital", "--kind", "hospital", "--authority", "H001", *OPERATOR)
        self.assertIn("kept for good", self.good("retention", self.net, *OPERATOR))
        self.good("retention", self.net, "--set", "--retired-days", "365", *OPERATOR)
        self.assertEqual(self.ask("retention", self.net, *OPERATOR)[0], {"retired_days": 365, "withdrawn_days": 0})
        self.assertEqual(self.ask("retention", self.net, "--dry-run", *OPERATOR)[0]["records"], 0)
        self.assertIn("0 erased", self.good("retention", self.net, "--run", *OPERATOR))
        self.refused("no rule of the network", "retention", self.net, "--run", "--profession", "steward", "--purpose", "stewardship")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
