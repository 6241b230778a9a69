#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes data/lexicon/*.tsv from NAIST-jdic (Debian package mecab-naist-jdic-eucjp).

    tools/data/make_lexicon.py            writes the tables
    tools/data/make_lexicon.py --check    fails if they differ from what is committed

family.tsv, given.tsv: spelling, kana, cost. character_readings.tsv: which kana a kanji reads as in
names, learned from those lists by EM over segmentations of the kana.
"""
import argparse
import collections
import math
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path("/usr/share/mecab/dic/naist-jdic-eucjp/naist-jdic.csv")
PARTS = {"姓": "family", "名": "given"}
LONGEST = 5          # kana of one character
ROUNDS = 20
LEAST = 0.002        # share of a character's readings worth keeping
PLAIN = str.maketrans("ァィゥェォッャュョヮヵヶヅヂヲヰヱ", "アイウエオツヤユヨワカケズジオイエ")


def is_kanji(c):
    return "\u4e00" <= c <= "\u9fff" or c in "々〆ヶ" or "\u3400" <= c <= "\u4dbf"


def fold_kana(text):
    out = "".join(chr(ord(c) + 0x60) if "\u3041" <= c <= "\u3096" else c for c in text)
    return out.replace("ヴァ", "バ").replace("ヴ", "ブ").translate(PLAIN)


def read_names():
    names = {"family": {}, "given": {}}
    with open(SOURCE, encoding="euc_jp", errors="replace") as f:
        for line in f:
            cell = line.rstrip("\n").split(",")
            if len(cell) < 12 or cell[6] != "人名" or cell[7] not in PARTS:
                continue
            kanji, kana, cost = cell[0], fold_kana(cell[11]), int(cell[3])
            if "\ufffd" in kanji or not any(map(is_kanji, kanji)) or not 0 < len(kana) <= 12:
                continue
            if any(not "\u30a1" <= c <= "\u30fc" for c in kana) or len(kanji) > 6:
                continue
            table = names[PARTS[cell[7]]]
            table[kanji, kana] = min(cost, table.get((kanji, kana), 10 ** 9))
    return names


def units(kanji):
    """Characters to be read; kana inside a name reads as itself."""
    out = []
    for c in kanji:
        out.append(out[-1] if c == "々" and out else c)
    return out


def candidates(unit, kana, start):
    if not is_kanji(unit):
        own = fold_kana(unit)
        return [start + len(own)] if kana.startswith(own, start) else []
    return range(start + 1, min(len(kana), start + LONGEST) + 1)


def expect(chars, kana, probability, counts, weight):
    """Adds the expected counts of one name; forward-backward over segmentations."""
    n, m = len(chars), len(kana)
    forward = [[0.0] * (m + 1) for _ in range(n + 1)]
    forward[0][0] = 1.0
    for i in range(n):
        for s in range(m):
            if forward[i][s] == 0:
                continue
            for e in candidates(chars[i], kana, s):
                forward[i + 1][e] += forward[i][s] * probability(chars[i], kana[s:e])
    total = forward[n][m]
    if total <= 0:
        return
    backward = [[0.0] * (m + 1) for _ in range(n + 1)]
    backward[n][m] = 1.0
    for i in range(n - 1, -1, -1):
        for s in range(m):
            for e in candidates(chars[i], kana, s):
                p = probability(chars[i], kana[s:e]) * backward[i + 1][e]
                backward[i][s] += p
                if forward[i][s] and p and is_kanji(chars[i]):
                    counts[chars[i]][kana[s:e]] += weight * forward[i][s] * p / total


def learn(names):
    table = None
    for _ in range(ROUNDS):
        counts = collections.defaultdict(lambda: collections.defaultdict(float))

        def probability(char, kana):
            if not is_kanji(char):
                return 1.0
            if table is None:
                return math.exp(-abs(len(kana) - 2))
            return table.get(char, {}).get(kana, 1e-6)

        for kanji, kana in sorted(names):
            expect(units(kanji), kana, probability, counts, 1.0)
        table = {char: {kana: n / sum(row.values()) for kana, n in row.items()}
                 for char, row in counts.items()}
    return {char: (sum(counts[char].values()),
                   {k: p for k, p in row.items() if p >= LEAST}) for char, row in table.items()}


HEADER = """# {what}
# Origin: NAIST Japanese Dictionary 0.6.3.b (Debian package mecab-naist-jdic-eucjp), see
# LICENSE.naist-jdic. Made by tools/data/make_lexicon.py; do not edit.
# {columns}
"""


def tables():
    names = read_names()
    out = {}
    for part in ("family", "given"):
        rows = sorted(names[part].items(), key=lambda item: (item[1], item[0]))
        out[f"{part}.tsv"] = HEADER.format(
            what=f"Japanese {part} names with their readings, most usual first.",
            columns="spelling\tkana\tcost") + "".join(
                f"{kanji}\t{kana}\t{cost}\n" for (kanji, kana), cost in rows)
    text = HEADER.format(what="Readings of single characters in names, learned by EM.",
                         columns="part\tcharacter\tnames with it\treading\tprobability")
    for part in ("family", "given"):
        for char, (count, row) in sorted(learn(names[part]).items()):
            for kana, p in sorted(row.items(), key=lambda item: (-item[1], item[0])):
                text += f"{part}\t{char}\t{count:.0f}\t{kana}\t{p:.4f}\n"
    out["character_readings.tsv"] = text
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    if not SOURCE.exists():
        sys.exit("install the Debian package mecab-naist-jdic-eucjp first")
    stale = []
    for name, text in tables().items():
        path = ROOT / "data/lexicon" / name
        if args.check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        sys.exit("not what the generator makes: " + ", ".join(stale))


if __name__ == "__main__":
    main()
