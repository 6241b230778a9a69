# SPDX-License-Identifier: Apache-2.0
"""Patient lists that no region has: every record alike, or one thing shared by all. Deterministic."""
import csv
import datetime

HEADER = ["record_id", "source", "name", "kana", "birth", "sex", "insurer", "symbol", "number", "branch", "care_insurer",
          "care_number", "postal_code", "prefecture", "city", "street", "phone"]
PLACE = {name: i for i, name in enumerate(HEADER)}

FAMILIES = [("佐藤", "サトウ"), ("高橋", "タカハシ"), ("鈴木", "スズキ"), ("伊藤", "イトウ"), ("渡辺", "ワタナベ"),
            ("中村", "ナカムラ"), ("小林", "コバヤシ"), ("加藤", "カトウ"), ("吉田", "ヨシダ"), ("山田", "ヤマダ"),
            ("松本", "マツモト"), ("井上", "イノウエ"), ("木村", "キムラ"), ("清水", "シミズ"), ("山崎", "ヤマザキ"),
            ("池田", "イケダ"), ("阿部", "アベ"), ("橋本", "ハシモト"), ("石川", "イシカワ"), ("後藤", "ゴトウ")]
FIRST = [("正", "マサ"), ("和", "カズ"), ("由", "ユ"), ("美", "ミ"), ("智", "トモ"), ("直", "ナオ"), ("光", "ミツ"),
         ("義", "ヨシ"), ("春", "ハル"), ("久", "ヒサ"), ("昭", "アキ"), ("幸", "ユキ"), ("千", "チ"), ("真", "マ"),
         ("康", "ヤス"), ("信", "ノブ"), ("恵", "エ"), ("貴", "タカ"), ("文", "フミ"), ("秀", "ヒデ")]
LAST = [("子", "コ"), ("美", "ミ"), ("代", "ヨ"), ("江", "エ"), ("男", "オ"), ("雄", "オ"), ("一", "カズ"), ("樹", "キ"),
        ("明", "アキ"), ("人", "ト"), ("香", "カ"), ("乃", "ノ"), ("之", "ユキ"), ("郎", "ロウ"), ("奈", "ナ"), ("也", "ヤ")]
TOWNS = ["寺岡", "富士見町北", "前田中央", "港町南", "荒井中央", "萩野町西", "原町", "八木山", "泉ヶ丘", "桜木町"]


def mixed(i):
    """A number of 64 bits that tells nothing of i."""
    i = (i + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    i = ((i ^ i >> 30) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    i = ((i ^ i >> 27) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return i ^ i >> 31


def name(i):
    """One of 128,000, uniform."""
    h = mixed(i)
    family, first, second, last = (table[(h >> shift) % len(table)] for table, shift in
                                   ((FAMILIES, 0), (FIRST, 12), (FIRST, 28), (LAST, 44)))
    return {"name": f"{family[0]} {first[0]}{second[0]}{last[0]}", "kana": f"{family[1]} {first[1]}{second[1]}{last[1]}"}


def birth(i):
    day = datetime.date(1935, 1, 1) + datetime.timedelta(days=mixed(i ^ 0x5EED) % 30_000)
    return {"birth": day.strftime("%Y%m%d")}


def sex(i):
    return {"sex": "MF"[mixed(i ^ 0x5E8) % 2]}


def address(i):
    h = mixed(i ^ 0xADD)
    return {"postal_code": f"983-{h % 10000:04d}", "prefecture": "宮城県", "city": "仙台市宮城野区",
            "street": f"{TOWNS[h % 10]}{h // 10 % 9 + 1}丁目{h // 100 % 99 + 1}-{h // 10000 % 99 + 1}-{h // 1000000 % 999 + 1}"}


def phone(i):
    return {"phone": f"090-{mixed(i ^ 0x90) % 10**8:08d}"}


def card(i):
    h = mixed(i ^ 0xCA4D)
    return {"insurer": "040022", "symbol": f"国{h % 90 + 10}", "number": f"{h // 100 % 10**7:07d}", "branch": "01"}


def person(i):
    return name(i) | birth(i) | sex(i) | address(i) | phone(i) | card(i)


SATO = {"name": "佐藤 恵子", "kana": "サトウ ケイコ", "birth": "19500102", "sex": "F"}


def identical(size):
    row = {"record_id": "1"} | person(7)
    for _ in range(size):
        yield row


def repeats(size):
    row = person(7)
    for i in range(size):
        yield {"record_id": i} | row


def namesakes(size):
    for i in range(size):
        yield {"record_id": i} | SATO


def namesakes_with_contacts(size):
    for i in range(size):
        yield {"record_id": i} | SATO | address(i) | phone(i) | card(i)


def namesakes_of_two_facilities(size):
    for i in range(size):
        yield {"record_id": i} | SATO | address(i // 2) | phone(i // 2)


def one_name(size):
    for i in range(size):
        yield {"record_id": i} | SATO | birth(i) | address(i)


def one_birth(size):
    for i in range(size):
        yield {"record_id": i} | person(i) | {"birth": "19500102"}


def empty(size):
    for i in range(size):
        yield {"record_id": i}


def household(size):
    for i in range(size):
        family, given = FAMILIES[0], name(i)
        yield {"record_id": i, "name": f"{family[0]} {given['name'].split()[1]}",
               "kana": f"{family[1]} {given['kana'].split()[1]}"} | birth(i) | sex(i) | address(0) | phone(0) | card(0)


def id_of_all(size):
    for i in range(size):
        yield {"record_id": "1"} | person(i)


def id_with_addresses(size):
    for i in range(size):
        yield {"record_id": "1"} | SATO | address(i) | phone(i) | card(i)


def ids_with_addresses(size):
    for i in range(size):
        yield {"record_id": i // 10_000} | person(i // 10_000) | address(i) | phone(i)


def ids_of_hundred(size):
    for i in range(size):
        yield {"record_id": i // 100} | person(i)


def one_phone(size):
    for i in range(size):
        yield {"record_id": i} | person(i) | phone(0)


def one_card(size):
    for i in range(size):
        yield {"record_id": i} | person(i) | card(0)


def test_patients(size):
    for i in range(size):
        yield {"record_id": i} | person(i) | {"name": "テスト 太郎", "kana": "テスト タロウ"}


def long_fields(size):
    """A hundredth of a per cent of the rows have 1 MB in one field: as many bytes as usual rows."""
    fields = ["name", "kana", "birth", "insurer", "number", "city", "street", "phone"]
    for i in range(max(size // 10_000, 4)):
        yield {"record_id": i} | person(i) | {fields[i % len(fields)]: "山田" * 170_000}


def many_words(size):
    words = [name(i)["name"].replace(" ", "")[:3] for i in range(10_000)]
    kana = [name(i)["kana"].split()[1] for i in range(10_000)]
    for i in range(max(size // 1000, 10)):
        yield {"record_id": i} | person(i) | {"name": " ".join(words[i % 100:]), "kana": " ".join(kana[i % 100:])}


def chain(size):
    """Each record like the one before it but for a slip: a month's day, then a given name's letter, then a house."""
    for i in range(size):
        day = datetime.date(1935, 1, 1) + datetime.timedelta(days=i // 3 % 30_000)
        given = i // 2 + 1
        first, last = FIRST[given // len(LAST) % len(FIRST)], LAST[(given + 1) // 2 % len(LAST)]
        yield ({"record_id": i, "name": f"{FAMILIES[0][0]} {first[0]}{last[0]}",
                "kana": f"{FAMILIES[0][1]} {first[1]}{last[1]}", "birth": day.strftime("%Y%m%d"), "sex": "F"}
               | address(i // 3) | phone(i // 5) | card(i // 4))


def glyphs(size):
    for i in range(size):
        yield {"record_id": i} | person(i) | {"name": "〓〓 〓〓", "kana": ""}


def few_names(size):
    """Names of 40,000 persons each: 490 of one name, year and city."""
    for i in range(size):
        yield {"record_id": i} | name(i // 40_000) | birth(i) | {"sex": "F"} | address(i)


def crowds(size):
    """A thousand with one name, birth date and card hang together in a chain of streets and phones."""
    for i in range(size):
        group = i // 1000
        yield ({"record_id": i} | name(group) | birth(group) | {"sex": "F"} | card(group)
               | address(i // 2) | phone((i + 1) // 2))


def overlays(size):
    """Each id stands for two persons, the one always the same; and as many plain rows of that one."""
    for i in range(size // 3):
        yield {"record_id": f"A{i}"} | SATO
        yield {"record_id": f"B{i}"} | SATO
        yield {"record_id": f"B{i}"} | name(i) | {"birth": "19990909", "sex": "M"}


def ids_with_values(size):
    """Ids with fifty rows; a hundred ids have one name and birth date, and their values in common."""
    for i in range(size):
        group, value = i // 5000, i // 5000 * 200 + mixed(i) % 200
        yield {"record_id": i // 50} | name(group) | birth(group) | {"sex": "F"} | address(value) | phone(value) | card(value)


MAKERS = {
    "identical": (identical, "all rows byte for byte the same, id and all"),
    "repeats": (repeats, "one full record under different ids"),
    "namesakes": (namesakes, "one name, birth date and sex; nothing else"),
    "namesakes_contacts": (namesakes_with_contacts, "one name, birth date and sex; everybody's own address, phone, card"),
    "namesakes_twice": (namesakes_of_two_facilities, "the same, each address and phone twice"),
    "one_name": (one_name, "one name; birth dates and addresses differ"),
    "few_names": (few_names, "a name for 40,000; birth dates and addresses differ"),
    "one_birth": (one_birth, "one birth date; all else differs"),
    "empty": (empty, "every field empty but the record id"),
    "household": (household, "one family name, address, phone, card; given names and birth dates differ"),
    "id_of_all": (id_of_all, "one record id, everybody's rows"),
    "id_with_addresses": (id_with_addresses, "one record id, one person, a new address, phone and card in each row"),
    "ids_with_addresses": (ids_with_addresses, "ids of one person with 10,000 addresses each"),
    "ids_of_hundred": (ids_of_hundred, "ids of a hundred persons each"),
    "ids_with_values": (ids_with_values, "ids with fifty addresses, phones and cards, which a hundred ids share"),
    "overlays": (overlays, "ids of two persons, one of them the same for all, who stands alone as often"),
    "crowds": (crowds, "a thousand with one name, birth date and card; everybody's own phone and address"),
    "one_phone": (one_phone, "one phone"),
    "one_card": (one_card, "one insurance card with one branch"),
    "test_patients": (test_patients, "all are テスト 太郎"),
    "long_fields": (long_fields, "a field of 1 MB in each row (a ten-thousandth of the rows)"),
    "many_words": (many_words, "a name of 10,000 words (a thousandth of the rows)"),
    "chain": (chain, "each record like the one before but for a slip"),
    "glyphs": (glyphs, "names of unknown glyphs only"),
}


def write(kind, size, path):
    """Rows of one facility. Returns how many."""
    rows = 0
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for row in MAKERS[kind][0](size):
            line = [""] * len(HEADER)
            line[PLACE["source"]] = "H01"
            for field, value in row.items():
                line[PLACE[field]] = value
            writer.writerow(line)
            rows += 1
    return rows
