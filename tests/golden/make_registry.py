#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a golden store: a small registry as this release writes it, which later ones must read.

    tests/golden/make_registry.py build/release/bin/nayose tests/golden/registry_format_1

Writes into that folder, which must be new, store.tar.xz (the registry as a killed program leaves it, the last puts in
its log, and a backup) and the answers that it gives, as lines of JSON. All patients are invented. A golden store is
never changed once it is released; tests/tools/nayose_registry_golden_test.py reads all of them.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HEADER = ("source,record_id,name,former_name,kana,latin_name,birth,sex,insurer,symbol,number,branch,care_insurer,"
          "care_number,postal_code,prefecture,city,street,phone\n")
PATIENTS = """
H001,1,山田 太郎,,ヤマダ タロウ,,1960-04-01,男,06270017,12-34,567,01,,,105-0014,東京都,港区,芝1-2-3,03-1234-5678
H001,2,佐藤 花子,鈴木 花子,サトウ ハナコ,,1985-12-24,女,01130012,5,88,,,,060-0001,北海道,札幌市中央区,北1条2-3,011-222-3333
H001,3,髙橋 美咲,,ﾀｶﾊｼ ﾐｻｷ,,H11.5.2,女,06130017,9,1001,,,,,大阪府,大阪市北区,梅田3-1,06-6666-7777
H001,4,高橋 美咲,,タカハシ ミサキ,,1999-05-02,女,06130017,9,1001,,,,,,,,06-6666-7777
H001,5,鈴木 一郎,,スズキ イチロウ,SUZUKI ICHIRO,1971-07-07,男,,,,,131016,0000012345,,,,,
H001,6,伊藤 健,,イトウ ケン,,1950-01-31,男,,,,,,,,愛知県,名古屋市中区,栄1-1,052-111-2222
H001,7,渡邊 さくら,,ワタナベ サクラ,,2019-02-28,女,06270017,77,8,02,,,,,,,
H001,8,渡辺 すみれ,,ワタナベ スミレ,,2019-02-28,女,06270017,77,8,03,,,,,,,
H001,9,小林 実,,コバヤシ ミノル,,1944,男,,,,,,,,,,,0463-55-6666
H001,9,小林 稔,,コバヤシ ミノル,,1944-08-15,男,,,,,,,,,,,
C002,7,山田 太郎,,ﾔﾏﾀﾞ ﾀﾛｳ,,昭和35年4月1日,1,06270017,12-34,567,01,,,,東京都,港区,芝１丁目２番３号,0312345678
C002,8,鈴木 花子,,スズキ ハナコ,,1985-12-24,2,,,,,,,,,,,0112223333
C002,9,伊藤 健,,イトウ タケシ,,1950-01-31,,,,,,,,,愛知県,名古屋市中区,栄1丁目1,
C002,10,鈴木 一朗,,スズキ イチロウ,,1971-07-07,男,,,,,131016,0000012345,,,,,
C002,11,佐藤 恵子,,サトウ ケイコ,,1970-05-05,女,,,,,,,,,,,
P003,11,佐藤 恵子,,サトウ ケイコ,,1970-05-05,女,,,,,,,,,,,
P003,12,田中 誠,,タナカ マコト,,1980-10-10,男,01130012,6,1,,,,,,,,
P003,13,グエン ティ ホア,,,NGUYEN THI HOA,1995-03-03,女,06130017,10,20,,,,,,,,080-1111-2222
P003,14,NGUYEN THI HOA,,,NGUYEN THI HOA,1995-03-03,女,06130017,10,20,,,,,,,,08011112222
P003,15,加藤 学,,カトウ マナブ,,1933-03-03,男,39131234,,12345678,,,,,東京都,新宿区,西新宿2-8-1,
P003,16,吉田 茂,,ヨシダ シゲル,,1933-09-22,男,,,,,,,,,,,
"""
LINES = [
    {"source": "K004", "record_id": "21", "part": 1, "names": [{"family": "加藤", "given": "学"}],
     "births": ["1933-03-03"], "sexes": ["男"], "care": [{"insurer": "131016", "number": "0000099999"}]},
    {"source": "K004", "record_id": "21", "part": 2, "names": [{"family": "加藤", "given": "優"}],
     "births": ["1936-06-06"]},
    {"source": "K004", "record_id": "22", "name": "吉田 茂", "kana": "ヨシダ シゲル", "birth": "1933-09-22", "sex": "M",
     "phone": "03-9999-8888"},
]
# Said when the program is killed: in the log only.
LAST_LINES = [
    {"source": "K004", "record_id": "23", "name": "山田 太郎", "birth": "1960-04-01", "phone": "03-1234-5678", "sex": "男"},
    {"source": "P003", "record_id": "12", "name": "田中 誠", "kana": "タナカ マコト", "birth": "1980-10-10", "sex": "男",
     "phone": "045-222-1111"},
]
WHO = ("--actor", "steward1", "--reason", "golden store")


class Maker:
    def __init__(self, nayose, temp):
        self.nayose, self.temp = nayose, temp
        self.net = temp / "golden" / "registry"
        self.net.parent.mkdir()

    def run(self, *args, **kwargs):
        done = subprocess.run([self.nayose, *map(str, args)], capture_output=True, **kwargs)
        if done.returncode not in (0, 1):
            sys.exit(f"{args}: exit {done.returncode}: {done.stderr.decode()}")
        return done.stdout.decode()

    def registry(self, command, *args, **kwargs):
        return self.run("registry", command, self.net, *args, **kwargs)

    def change(self, command, *args):
        return self.registry(command, *args, *WHO)

    def put(self, text):
        path = self.temp / "patients.csv"
        path.write_text(HEADER + text, encoding="utf-8")
        self.change("put", path)

    def make_model(self):
        """Small, so that the store is."""
        region = self.temp / "region"
        self.run("generate", "--persons", 300, "--seed", 1, "--output", region)
        self.run("train", *sorted(p for p in region.glob("*.csv") if p.name != "truth.csv"), "--model",
                 self.temp / "model.json")

    def make(self):
        self.make_model()
        self.registry("create", "--model", self.temp / "model.json")
        for name, oid in (("H001", "1.2.392.200119.1"), ("C002", ""), ("P003", "1.2.392.200119.3")):
            self.change("authorities", "--add", name, "--oid", oid, "--facility", "facility " + name,
                        "--owner", "records")
        self.put(PATIENTS.lstrip())
        lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in LINES)
        self.change("put", "--ndjson", self.lines_file(lines))
        # Questions and decisions.
        self.change("review", "C002:11", "P003:11", "--assign", "steward2")
        self.change("decide", "H001:7", "H001:8", "--different")
        self.change("decide", "H001:6", "C002:9", "--same")
        self.change("decide", "P003:15", "K004:21#1", "--same")
        self.change("undecide", "P003:15", "K004:21#1")
        # Merges of identifiers (A40): a chain, and one undone.
        self.change("merge", "P003:14", "P003:13")
        self.change("merge", "H001:4", "H001:3")
        self.change("merge", "H001:3", "H001:9")
        self.change("unmerge", "H001:3")
        # Retired; retired and registered anew.
        self.change("retire", "P003:16")
        self.change("retire", "H001:5")
        self.put("H001,5,鈴木 一郎,,スズキ イチロウ,SUZUKI ICHIRO,1971-07-07,男,,,,,131016,0000012345,,,,,\n")
        # Revised; revisions that are somebody else: accepted either way, refused, and one that waits.
        self.put("H001,1,山田 太郎,,ヤマダ タロウ,,1960-04-01,男,06270017,12-34,567,01,,,108-0073,東京都,港区,三田4-5,\n")
        other = ",外国 人名,,ガイコク ヒトナ,,1899-01-09,女,,,,,,,,,,,\n"
        for identifier, answer in (("C002,8", ("accept", "--another-person")), ("H001,6", ("refuse",)),
                                   ("H001,2", ("accept", "--same-person")), ("P003,13", None)):
            self.put(identifier + other)
            if answer:
                self.change(answer[0], identifier.replace(",", ":"), *answer[1:])
        self.change("relink", "--match-threshold", 20)
        self.run("registry", "backup", self.net, self.net.parent / "backup")
        backup_stats = json.loads(self.registry("stats", "--json"))
        self.put_and_die()
        return backup_stats

    def lines_file(self, text):
        path = self.temp / "lines.ndjson"
        path.write_text(text, encoding="utf-8")
        return path

    def put_and_die(self):
        command = [self.nayose, "registry", "put", self.net, "--ndjson", "-", "--json", *WHO]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            for line in LAST_LINES:
                process.stdin.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
                process.stdin.flush()
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)

    def answers(self):
        """What a reader is told, by the name of the file that has it."""
        told = {"export": self.registry("export")}
        for command in ("history", "review", "held", "decisions", "authorities"):
            told[command] = self.registry(command, "--json")
        records = [json.loads(line) for line in told["export"].splitlines() if '"kind":"record"' in line]
        events = len(told["history"].splitlines())
        told["find"] = told["at"] = ""
        for record in records:
            part = f"#{record['part']}" if "part" in record else ""
            identifier = record["source"] + ":" + record["record_id"] + part
            if record["status"] != "retired":
                told["find"] += self.question("find", identifier)
            for event in range(8, events, 14):
                told["at"] += self.question("at", identifier, str(event))
        told["find"] += "".join(self.question("find", person)
                                for person in sorted({r["person"] for r in records if "person" in r}))
        return told

    def question(self, *args):
        """A line with the question and its answer, or nothing where there is none (not registered then)."""
        done = subprocess.run([self.nayose, "registry", args[0], self.net, *args[1:], "--json"], capture_output=True)
        if done.returncode != 0:
            return ""
        return json.dumps({"asked": args, "answer": json.loads(done.stdout)}, ensure_ascii=False) + "\n"


def pack(folder, path):
    def plain(info):
        info.uid = info.gid = info.mtime = 0
        info.uname = info.gname = ""
        # Room that is kept, nothing in it; and a lock.
        return None if os.path.basename(info.name) in ("ballast", "libmpi.lock", "LOCK") else info
    with tarfile.open(path, "w:xz") as archive:
        for name in ("registry", "backup"):
            archive.add(folder / name, name, filter=plain)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    nayose, output = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    if output.exists():
        sys.exit(f"{output}: is there already; a golden store is never changed")
    with tempfile.TemporaryDirectory() as temp:
        maker = Maker(nayose, Path(temp))
        backup_stats = maker.make()
        made = Path(temp) / "made"
        made.mkdir()
        pack(maker.net.parent, made / "store.tar.xz")
        stats = json.loads(maker.registry("stats", "--json"))
        for name, text in maker.answers().items():
            (made / f"{name}.ndjson").write_text(text, encoding="utf-8")
        (made / "about.json").write_text(json.dumps({
            "written_by": maker.run("--version").strip(), "tables_version": stats["tables_version"],
            "records": stats["records"], "persons": stats["persons"], "held": stats["held"], "events": stats["events"],
            "generation": stats["generation"], "backup_events": backup_stats["events"]}, indent=1) + "\n")
        shutil.copytree(made, output)
    size = sum(p.stat().st_size for p in output.iterdir())
    print(f"{output}: {size / 1000:.0f} kB, {stats['records']} records, {stats['events']} events")


if __name__ == "__main__":
    main()
