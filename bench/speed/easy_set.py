# SPDX-License-Identifier: Apache-2.0
"""The easy set: clean rows of invented persons, exact birth dates, sexes and postcodes, few slips; a fifth of the
rows are a person's second. On such rows one tight blocking rule finds everything, and Splink is at its fastest."""
import csv
import datetime
import random
from pathlib import Path

NAMES = Path(__file__).resolve().parents[2] / "data" / "names"
SECOND_ROWS = 0.2   # of all rows
SLIP = 0.05         # of second rows: one letter of the kana, or one digit of the phone, is another
HEADER = ["record_id", "source", "name", "kana", "birth", "sex", "postal_code", "phone"]
FIRST_DAY, DAYS = datetime.date(1930, 1, 1), 90 * 365
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"


def read_names(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]


def name_pools():
    """([(kanji, kana)], weights) of families, and {sex: the same} of given names."""
    families = read_names(NAMES / "surnames.tsv")
    given = read_names(NAMES / "given_names.tsv")
    of_sex = {sex: [row for row in given if row[2] == sex] for sex in "FM"}
    return (([row[:2] for row in families], [float(row[2]) for row in families]),
            {sex: ([row[:2] for row in rows], [1 + sum(map(int, row[3:])) for row in rows])
             for sex, rows in of_sex.items()})


def replaced(text, letters, generator):
    at = generator.randrange(len(text))
    return text[:at] + generator.choice(letters) + text[at + 1:]


def persons(count, generator):
    families, given = name_pools()
    chosen = generator.choices(families[0], families[1], k=count)
    names = {sex: generator.choices(*given[sex], k=count) for sex in "FM"}
    for i in range(count):
        sex = generator.choice("FM")
        (family, family_kana), (first, first_kana) = chosen[i], names[sex][i]
        day = FIRST_DAY + datetime.timedelta(generator.randrange(DAYS))
        yield [f"{family} {first}", f"{family_kana} {first_kana}", day.isoformat(), sex,
               f"{generator.randrange(1000, 9999)}{generator.randrange(1000):03d}",
               f"0{generator.choice('789')}0{generator.randrange(10**8):08d}"]


def slipped(row, generator):
    row = list(row)
    if generator.random() < 0.5:
        row[1] = replaced(row[1].replace(" ", ""), KANA, generator)
    else:
        row[5] = row[5][:3] + replaced(row[5][3:], "0123456789", generator)
    return row


def generate(folder, records, seed):
    """patients.csv and truth.csv of so many records in `folder`."""
    generator = random.Random(seed)
    seconds = round(records * SECOND_ROWS)
    rows = []
    for person, row in enumerate(persons(records - seconds, generator)):
        rows.append((person, "A", row))
        if person < seconds:
            rows.append((person, "B", slipped(row, generator) if generator.random() < SLIP else row))
    generator.shuffle(rows)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "patients.csv", "w", encoding="utf-8", newline="") as patients, \
            open(folder / "truth.csv", "w", encoding="utf-8", newline="") as truth:
        patients, truth = csv.writer(patients, lineterminator="\n"), csv.writer(truth, lineterminator="\n")
        patients.writerow(HEADER)
        truth.writerow(["source", "record_id", "person_id"])
        for number, (person, source, row) in enumerate(rows, 1):
            patients.writerow([f"{number:08d}", source, *row])
            truth.writerow([source, f"{number:08d}", person])
