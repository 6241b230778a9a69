# SPDX-License-Identifier: Apache-2.0
"""Japanese regions of `nayose generate` as one flat list: the rows as they come (raw), or the fields that
`nayose normalize` makes of them (clean), so that tools without Japanese standardizing get that for free."""
import csv
import re
import subprocess
from pathlib import Path

FACILITIES = ["hospital", "clinic", "pharmacy", "dental", "care"]
SEED = 401
PERSONS_PER_RECORD = 2501 / 4516
CLEAN = ["family", "given", "family_kana", "given_kana", "kana_key", "birth", "sex", "insurer", "symbol", "number",
         "branch", "care_insurer", "care_number", "postcode", "prefecture", "city", "town", "block", "room", "phone"]
STEP = re.compile(r"  (\S+) +(\S+) +(.*)")
COVERAGE = re.compile(r"insurer (.*?), symbol (.*?), number (.*?), branch ([^,]*)")


def generated(nayose, cache, records):
    """The folder of a region of about so many records; dirt is the generator's own default."""
    folder = Path(cache) / "regions" / f"{records}_seed{SEED}"
    if not (folder / "truth.csv").is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([nayose, "generate", "--persons", str(round(records * PERSONS_PER_RECORD)), "--seed", str(SEED),
                        "--force", "--output", folder], check=True, capture_output=True)
    return folder


def normalized_rows(text):
    """{line: fields} of what `nayose normalize` printed: the result of each field's last step."""
    rows, fields = {}, {}
    for line in text.splitlines():
        if line.startswith("line "):
            fields = rows.setdefault(int(line[5:]), {})
        elif (step := STEP.match(line)):
            add_step(fields, *step.groups())
    return rows


def add_step(fields, name, kind, text):
    result = text.rsplit(" -> ", 1)[-1]
    parts = [part.strip() for part in result.split("|")]
    if kind == "split_name" and name in ("name", "kana") and len(parts) == 2:
        suffix = "_kana" if name == "kana" else ""
        fields["family" + suffix], fields["given" + suffix] = parts
    elif kind == "romaji_key" and name == "kana":
        fields["kana_key"] = result
    elif kind == "read_birth_date":
        fields["birth"] = result
    elif kind == "read_sex":
        fields["sex"] = result
    elif kind == "read_coverage" and (found := COVERAGE.match(result)):
        fields |= dict(zip(["insurer", "symbol", "number", "branch"], found.groups()))
    elif kind == "read_address" and len(parts) == 6:
        fields |= dict(zip(["postcode", "prefecture", "city", "town", "block", "room"], parts))
    elif kind == "read_phones":
        fields["phone"] = result.split(" ")[0]


def clean_rows(nayose, path, raw):
    done = subprocess.run([nayose, "normalize", path], capture_output=True, text=True)
    by_line = normalized_rows(done.stdout)
    for line, row in enumerate(raw, 2):
        found = by_line.get(line, {})
        kept = {"care_insurer": row["care_insurer"], "care_number": row["care_number"]}
        yield {name: found.get(name, kept.get(name, "")) for name in CLEAN}


def load(nayose, cache, records, form):
    folder = generated(nayose, cache, records)
    with open(folder / "truth.csv", encoding="utf-8", newline="") as file:
        persons = {(row["source"], row["record_id"]): row["person_id"] for row in csv.DictReader(file)}
    rows, truth = [], {}
    for facility in FACILITIES:
        path = folder / f"{facility}.csv"
        with open(path, encoding="utf-8", newline="") as file:
            raw = list(csv.DictReader(file))
        shown = clean_rows(nayose, path, raw) if form == "clean" else raw
        for original, row in zip(raw, shown, strict=True):
            record = f"{len(rows) + 1:06d}"
            truth[record] = persons[original["source"], original["record_id"]]
            rest = {k: v for k, v in row.items() if k not in ("record_id", "source")}
            rows.append({"record_id": record, "source": original["source"], **rest})
    return {"records": rows}, truth


def files(nayose, cache, records):
    """The region as libmpi reads it."""
    folder = generated(nayose, cache, records)
    return [folder / f"{facility}.csv" for facility in FACILITIES]
