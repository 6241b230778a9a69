# SPDX-License-Identifier: Apache-2.0
"""A region whose persons live in households of a given size: the persons are taken in order, so many at a time, and
every row of theirs shows one address, one telephone and one insurance card, the branch number telling them apart.
Names stay, as in a home for the aged or a dormitory: what ties such a block together is all but the person."""
import csv

SHARED = ["insurer", "symbol", "number", "postal_code", "prefecture", "city", "street", "phone"]
BRANCHES = 100


def persons_of(truth):
    with open(truth, encoding="utf-8", newline="") as file:
        return {(row["source"], row["record_id"]): int(row["person_id"]) for row in csv.DictReader(file)}


def shared_values(household):
    """Values made of the household's number alone; as many as there are households."""
    return {"insurer": "01040013", "symbol": f"{10000000 + household}", "number": "1",
            "postal_code": f"98{household % 10}-{household // 10 % 10000:04d}", "prefecture": "宮城県",
            "city": ["仙台市青葉区", "石巻市", "大崎市", "名取市", "登米市"][household % 5],
            "street": f"本町{household // 2000 + 1}-{household % 2000 + 1}-1",
            "phone": f"022-{household // 10000 + 200:03d}-{household % 10000:04d}"}


def rewritten(row, person, size):
    """What a row leaves out it still leaves out."""
    kept = {field: value for field, value in shared_values(person // size).items() if row[field]}
    branch = {"branch": f"{person % size % BRANCHES:02d}"} if row["branch"] else {}
    return row | kept | branch


def regroup(region, folder, size):
    """Writes the region's files anew into `folder`; the truth stays as it was."""
    folder.mkdir(parents=True, exist_ok=True)
    persons = persons_of(region.truth)
    for path in region.files:
        with open(path, encoding="utf-8", newline="") as file, \
                open(folder / path.name, "w", encoding="utf-8", newline="") as out:
            rows = csv.DictReader(file)
            writer = csv.DictWriter(out, rows.fieldnames, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rewritten(row, persons[row["source"], row["record_id"]], size) for row in rows)
    (folder / "truth.csv").write_bytes(region.truth.read_bytes())
