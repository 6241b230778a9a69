#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes data/names/surnames.tsv and given_names.tsv from the seed lists and the lexicon.

    tools/data/make_names.py            writes the tables
    tools/data/make_names.py --check    fails if they differ from what is committed

A model of ours, not a census. Family names: the published shares of the first six (Meiji Yasuda
Life, 2018: 1.53, 1.44, 1.14, 1.06, 0.94, 0.90 %), then 12 / (rank + 5) %, which meets the published
10.22 % for the first ten and 33.38 % for the first hundred; the lexicon in the order of its costs
after the seeds. Given names: seeds by rank around the year they were most given, and a tail of the
lexicon's names, whose sex and era their endings suggest.
"""
import argparse
import math
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRST = [1.53, 1.44, 1.14, 1.06, 0.94, 0.90]
COHORTS = [1920, 1940, 1960, 1980, 2000, 2020]
SPREAD = 14          # years
TAIL = 0.30          # share of each cohort that bears a name of the tail
# Variant spellings are rarer than the place they have in the seed list says.
VARIANTS = set("邊邉髙齋齊﨑澤濱冨廣瀧栁𠮷德嶋眞國桒黑")
ENDINGS = [("子", "F", 1945), ("江", "F", 1930), ("枝", "F", 1940), ("代", "F", 1945),
           ("美", "F", 1970), ("恵", "F", 1972), ("香", "F", 1982), ("奈", "F", 1992),
           ("菜", "F", 2005), ("花", "F", 2008), ("音", "F", 2012), ("乃", "F", 1995),
           ("葉", "F", 2012), ("里", "F", 1985), ("紀", "F", 1970), ("穂", "F", 1985),
           ("郎", "M", 1940), ("雄", "M", 1945), ("男", "M", 1945), ("夫", "M", 1945),
           ("吉", "M", 1920), ("治", "M", 1945), ("司", "M", 1960), ("一", "M", 1955),
           ("二", "M", 1950), ("三", "M", 1935), ("彦", "M", 1958), ("之", "M", 1965),
           ("樹", "M", 1978), ("介", "M", 1985), ("輔", "M", 1985), ("也", "M", 1980),
           ("太", "M", 1995), ("斗", "M", 2008), ("翔", "M", 2008), ("真", "M", 2005),
           ("人", "M", 1990), ("平", "M", 1980), ("志", "M", 1968), ("弘", "M", 1955),
           ("明", "M", 1955), ("義", "M", 1940), ("助", "M", 1922), ("蔵", "M", 1918)]


def rows(path):
    with open(ROOT / "data" / path, encoding="utf-8") as f:
        return [line.rstrip("\n").split("\t") for line in f if line.strip() and line[0] != "#"]


def family_names():
    seen, order = set(), []
    for kanji, kana, *_ in rows("names/seed_surnames.tsv") + rows("lexicon/family.tsv"):
        plain = fold(kana)
        if (kanji, plain) not in seen:
            seen.add((kanji, plain))
            order.append((kanji, plain))
    known = {}  # a second reading of one spelling shares with the first
    shares = []
    for rank, (kanji, kana) in enumerate(order, 1):
        share = FIRST[rank - 1] if rank <= len(FIRST) else 12 / (rank + 5)
        if kanji in known:
            share *= 0.4
        known[kanji] = True
        if VARIANTS & set(kanji):
            share *= 0.5
        shares.append([kanji, kana, share])
    # The tail alone is scaled, so that the published shares of the head hold.
    head = sum(s for _, _, s in shares[:100])
    tail = sum(s for _, _, s in shares[100:])
    for row in shares[100:]:
        row[2] *= (100 - head) / tail
    return sorted(shares, key=lambda r: (-r[2], r[0], r[1]))


SMALL = str.maketrans("ァィゥェォッャュョヮヵヶヅヂヲヰヱ", "アイウエオツヤユヨワカケズジオイエ")


def fold(kana):
    return kana.translate(SMALL)


def given_names():
    weights = {}
    def add(kanji, kana, sex, year, weight):
        row = weights.setdefault((kanji, fold(kana), sex), [0.0] * len(COHORTS))
        for i, cohort in enumerate(COHORTS):
            row[i] += weight * math.exp(-((cohort - year) / SPREAD) ** 2 / 2)
    seeds = set()
    for kanji, kana, sex, year, rank in rows("names/seed_given_names.tsv"):
        add(kanji, kana, sex, int(year), 1 / (int(rank) + 6))
        seeds.add((kanji, fold(kana)))
    head = {sex: [sum(row[i] for key, row in weights.items() if key[2] == sex)
                  for i in range(len(COHORTS))] for sex in "MF"}
    tail = {}
    for place, (kanji, kana, _) in enumerate(rows("lexicon/given.tsv")):
        if (kanji, kana) in seeds or not any("\u4e00" <= c <= "\u9fff" for c in kanji):
            continue
        for ending, sex, year in ENDINGS:
            if kanji.endswith(ending) and len(kanji) > 1:
                row = tail.setdefault((kanji, kana, sex), [0.0] * len(COHORTS))
                for i, cohort in enumerate(COHORTS):
                    row[i] += math.exp(-((cohort - year) / 22) ** 2 / 2) / (place + 600)
                break
    for sex in "MF":
        keys = [k for k in tail if k[2] == sex]
        for i in range(len(COHORTS)):
            total = sum(tail[k][i] for k in keys)
            for k in keys:
                tail[k][i] *= TAIL / (1 - TAIL) * head[sex][i] / total
    weights.update(tail)
    for sex in "MF":
        for i in range(len(COHORTS)):
            total = sum(row[i] for key, row in weights.items() if key[2] == sex)
            for key, row in weights.items():
                if key[2] == sex:
                    row[i] *= 1e6 / total
    return weights


HEADER = """# {what} A model of this project, see tools/data/make_names.py, not a census.
# The tail's spellings are from NAIST-jdic (data/lexicon/LICENSE.naist-jdic). Do not edit.
# {columns}
"""


def tables():
    text = HEADER.format(what="Family names of Japan.", columns="spelling\tkana\tparts per million")
    for kanji, kana, share in family_names():
        text += f"{kanji}\t{kana}\t{share * 1e4:.2f}\n"
    given = HEADER.format(what="Given names by sex and decade of birth.",
                          columns="spelling\tkana\tsex\t" + "\t".join(map(str, COHORTS)))
    for (kanji, kana, sex), row in sorted(given_names().items(),
                                          key=lambda item: (-sum(item[1]), item[0])):
        if max(row) >= 1:
            given += f"{kanji}\t{kana}\t{sex}\t" + "\t".join(f"{w:.0f}" for w in row) + "\n"
    return {"surnames.tsv": text, "given_names.tsv": given}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    stale = []
    for name, text in tables().items():
        path = ROOT / "data/names" / name
        if args.check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        sys.exit("not what the generator makes: " + ", ".join(stale))


if __name__ == "__main__":
    main()
