# SPDX-License-Identifier: Apache-2.0
"""Japanese patient lists made comparable in SQL, as a Splink user would: NFKC by pyarrow, the rest by DuckDB.

One table `people` of record_id (source:id) and what recipe.py compares; every value that is empty or impossible
is NULL. Era dates, half-width kana, hiragana, small kana, old forms of common kanji, honorific-free names with and
without a space, 丁目/番地/号, leading zeros of card numbers.
"""
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

COLUMNS = ["record_id", "source", "name", "kana", "birth", "sex", "insurer", "symbol", "number", "branch",
           "care_number", "postal_code", "city", "street", "phone"]
HIRAGANA = "".join(chr(c) for c in range(0x3041, 0x3097))
KATAKANA = "".join(chr(c + 0x60) for c in range(0x3041, 0x3097))
SMALL, LARGE = "ァィゥェォッャュョヮヵヶヰヱヲ", "アイウエオツヤユヨワカケイエオ"
OLD, NEW = "髙﨑邊邉齋齊澤濱廣國嶋嶌濵槗惠德", "高崎辺辺斎斉沢浜広国島島浜橋恵徳"
ERAS = {"M": 1867, "明治": 1867, "1": 1867, "T": 1911, "大正": 1911, "2": 1911, "S": 1925, "昭和": 1925, "3": 1925,
        "H": 1988, "平成": 1988, "4": 1988, "R": 2018, "令和": 2018, "5": 2018}
KANJI_DIGITS = "一二三四五六七八九"

FIELDS = f"""
    source || ':' || record_id AS record_id,
    nullif(translate(regexp_replace(upper(trim(name)), ' +', ' '), '{OLD}', '{NEW}'), '') AS spaced,
    nullif(translate(translate(regexp_replace(trim(kana), ' +', ' '), '{HIRAGANA}', '{KATAKANA}'),
                     '{SMALL}', '{LARGE}'), '') AS spaced_kana,
    birth AS said_birth,
    CASE WHEN sex IN ('1', '男', '男性', 'M') THEN 'M' WHEN sex IN ('2', '女', '女性', 'F') THEN 'F' END AS sex,
    nullif(regexp_replace(insurer, '^0+|[^0-9]', '', 'g'), '') AS insurer,
    nullif(regexp_replace(symbol, '[^0-9A-Z一-龠ァ-ヶ]', '', 'g'), '') AS symbol,
    nullif(ltrim(regexp_replace(number, '[^0-9]', '', 'g'), '0'), '') AS number,
    nullif(lpad(branch, 2, '0'), '00') AS said_branch,
    branch AS branch_as_written,
    nullif(ltrim(regexp_replace(care_number, '[^0-9]', '', 'g'), '0'), '') AS care_number,
    nullif(regexp_replace(postal_code, '[^0-9]', '', 'g'), '') AS postal,
    nullif(regexp_replace(city, '^.*郡', ''), '') AS city,
    nullif(rtrim(regexp_replace(regexp_replace(
        translate(regexp_replace(street, ' .*$', ''), '{KANJI_DIGITS}', '123456789'),
        '丁目|番地の|番地|番|号|[ー−‐]', '-', 'g'), '-+', '-', 'g'), '-'), '') AS street,
    nullif(ltrim(regexp_replace(phone, '[^0-9]', '', 'g'), '0'), '') AS phone"""

DATE = """
    CASE WHEN said_birth ~ '^[0-9]{8}$'
           THEN try_strptime(said_birth, '%Y%m%d')
         WHEN said_birth ~ '^[0-9]{4}[-/.][0-9]+[-/.][0-9]+$'
           THEN try_strptime(translate(said_birth, '/.', '--'), '%Y-%m-%d')
         WHEN said_birth ~ '^[1-5][0-9]{6}$'
           THEN try_strptime((era_years(said_birth[1]) + said_birth[2:3]::int)::varchar || said_birth[4:], '%Y%m%d')
         WHEN regexp_matches(said_birth, '^[MTSHR明大昭平令]')
           THEN try_strptime(concat_ws('-',
               era_years(regexp_extract(said_birth, '^([MTSHR]|[^0-9元]+)', 1)) +
                 replace(regexp_extract(said_birth, '([0-9]+|元)', 1), '元', '1')::int,
               regexp_extract(said_birth, '[./年]([0-9]+)', 1),
               regexp_extract(said_birth, '[./月]([0-9]+)日?$', 1)), '%Y-%m-%d')
    END::date"""


def read_normalized(paths):
    """All files as one Arrow table of strings, NFKC."""
    tables = []
    for path in paths:
        text = csv.ConvertOptions(column_types={c: pa.string() for c in COLUMNS}, include_columns=COLUMNS,
                                  strings_can_be_null=False)
        tables.append(csv.read_csv(path, convert_options=text))
    table = pa.concat_tables(tables)
    return pa.table({c: pc.utf8_normalize(table[c], form="NFKC") for c in COLUMNS})


def standardize(connection, paths):
    """Makes the table `people`."""
    years = " ".join(f"WHEN '{era}' THEN {year}" for era, year in ERAS.items())
    connection.execute(f"CREATE MACRO era_years(era) AS CASE era {years} END")
    said = read_normalized(paths)
    connection.register("said", said)
    connection.execute(f"""
        CREATE TABLE people AS
        WITH folded AS (SELECT {FIELDS} FROM said),
        dated AS (SELECT *, {DATE} AS day FROM folded),
        parts AS (SELECT *,
            CASE WHEN contains(spaced, ' ') THEN split_part(spaced, ' ', 1) END AS family,
            CASE WHEN contains(spaced, ' ') THEN split_part(spaced, ' ', 2) END AS given,
            CASE WHEN contains(spaced_kana, ' ') THEN split_part(spaced_kana, ' ', 1) END AS family_kana,
            CASE WHEN contains(spaced_kana, ' ') THEN split_part(spaced_kana, ' ', 2) END AS given_kana,
            CASE WHEN day BETWEEN '1901-01-01' AND current_date
                 THEN strftime(day, '%Y-%m-%d') END AS birth
            FROM dated)
        SELECT record_id, family, given, family_kana, given_kana, birth, sex, care_number, postal, city, street, phone,
            replace(spaced, ' ', '') AS name, replace(spaced_kana, ' ', '') AS kana,
            insurer || '-' || coalesce(symbol, '') || '-' || number AS policy,
            CASE WHEN branch_as_written <> '' THEN coalesce(said_branch, '00') END AS branch,
            birth[6:] AS month_day, city || ' ' || street AS home
        FROM parts""")
    connection.unregister("said")
