# SPDX-License-Identifier: Apache-2.0
"""What the columns of each family of sets are, and columns derived from them before a peer sees the list.

A tool named beside them gets its own fields or blocks instead, what served it best: tools that take fields as
independent, and have no joint comparison, are led astray by fields that repeat each other.
Kinds: name, text, date (digits in a fixed order), code, category. `blocks` are the column groups whose
equality makes a candidate pair, for the tools that leave that to their user. The families' sizes allow
generous blocks; a peer is never held back by ours.
"""

RLDATA = {"fname_c1": "name", "lname_c1": "name", "dob": "date"}
HISTORICAL = {"first_name": "name", "surname": "name", "dob": "date", "birth_place": "text", "postcode_fake": "code"}
REGION_CLEAN = {"given": "name", "family_kana": "name", "given_kana": "name", "birth": "date", "sex": "category",
                "address": "text"}
REGION_RAW = {"name": "name", "kana": "name", "birth": "text", "street": "text"}
FAMILIES = {
    "febrl": {
        "fields": {"given_name": "name", "surname": "name", "street_number": "code", "address_1": "text",
                   "suburb": "text", "postcode": "code", "date_of_birth": "date", "soc_sec_id": "code"},
        "blocks": [["given_name"], ["surname"], ["date_of_birth"], ["soc_sec_id"], ["postcode"]],
    },
    "rldata": {
        "fields": {"fname_c1": "name", "lname_c1": "name", "by": "category", "bm": "category", "bd": "category"},
        "blocks": [["fname_c1", "lname_c1"], ["fname_c1", "by"], ["lname_c1", "by"], ["by", "bm"], ["bm", "bd"],
                   ["by", "bd"]],
        "recordlinkage": {"fields": RLDATA,
                          "blocks": [["fname_c1", "lname_c1"], ["fname_c1", "by"], ["lname_c1", "by"], ["dob"]]},
        "recordlinkage on rldata10000": {  # F1 0.003 with the blocks above
            "fields": RLDATA,
            "blocks": [["fname_c1", "lname_c1", "by"], ["fname_c1", "by", "bm"], ["lname_c1", "by", "bm"], ["dob"]]},
    },
    "pseudopeople": {
        "fields": {"first_name": "name", "middle_initial": "category", "last_name": "name", "street_number": "code",
                   "street_name": "text", "unit_number": "code", "zipcode": "code"},
        "blocks": [["first_name", "last_name"], ["last_name", "street_number"], ["first_name", "street_name"],
                   ["street_number", "street_name"], ["first_name", "middle_initial", "last_3"],
                   ["last_name", "middle_initial", "first_3"]],
    },
    "historical_50k": {
        "fields": {"first_name": "name", "surname": "name", "full_name": "text", "dob": "date", "birth_place": "text",
                   "postcode_fake": "code", "gender": "category", "occupation": "category"},
        "recordlinkage": {"fields": HISTORICAL},
        "goldenmatch_hand": {"fields": HISTORICAL},
        "blocks": [["first_3", "surname_4"], ["surname", "dob"], ["first_name", "dob"], ["postcode_fake", "first_name"],
                   ["postcode_fake", "surname"], ["dob", "birth_place"], ["area", "dob"], ["area", "first_name"],
                   ["area", "surname"], ["first_2", "surname_2", "year"]],
    },
    "fake_1000": {
        "fields": {"first_name": "name", "surname": "name", "dob": "date", "city": "category", "email": "text"},
        "blocks": [["first_name"], ["surname"], ["dob"], ["email"], ["user"]],
    },
    "region_clean": {
        "fields": {"family": "name", "given": "name", "family_kana": "name", "given_kana": "name", "birth": "date",
                   "sex": "category", "policy": "code", "branch": "category", "care_number": "code",
                   "postcode": "code", "address": "text", "phone": "code"},
        "recordlinkage": {"fields": REGION_CLEAN},
        "goldenmatch_hand": {"fields": REGION_CLEAN},
        "blocks": [["birth", "sex"], ["phone"], ["family_kana", "given_kana"], ["family", "given"], ["policy"],
                   ["care_number"], ["given_kana", "postcode"], ["family_kana", "address"]],
    },
    "region_raw": {
        "fields": {"name": "name", "kana": "name", "birth": "text", "sex": "category", "policy": "code",
                   "branch": "category", "care_number": "code", "postal_code": "code", "city": "category",
                   "street": "text", "phone": "code"},
        "recordlinkage": {"fields": REGION_RAW},
        "goldenmatch_hand": {"fields": REGION_RAW},
        "blocks": [["birth"], ["phone"], ["kana"], ["name"], ["policy"], ["care_number"], ["postal_code", "street"]],
    },
}


def recipe(name, tool):
    """{fields, blocks} for a tool on a set."""
    found = FAMILIES[family_of(name)]
    own = found.get(f"{tool} on {name}", found.get(tool, {}))
    return {"fields": found["fields"], "blocks": found["blocks"], **own}


def family_of(name):
    for prefix, family in (("febrl", "febrl"), ("rldata", "rldata")):
        if name.startswith(prefix):
            return family
    if name.startswith("region"):
        return "region_" + name.rsplit("_", 1)[1]
    return name


def rldata(row):
    row["dob"] = f"{row['by']:0>4}-{row['bm']:0>2}-{row['bd']:0>2}"


def pseudopeople(row):
    row["first_3"], row["last_3"] = row["first_name"][:3], row["last_name"][:3]
    street = f"{row['street_number']} {row['street_name']}".strip()
    row["address"] = f"{street} {row['unit_number']}".strip()


def historical_50k(row):
    row["first_surname"] = f"{row['first_name']} {row['surname']}" if row["first_name"] and row["surname"] else ""
    row["first_2"], row["first_3"] = row["first_name"][:2], row["first_name"][:3]
    row["surname_2"], row["surname_4"] = row["surname"][:2], row["surname"][:4]
    row["area"], row["year"] = row["postcode_fake"][:3], row["dob"][:4]


def fake_1000(row):
    row["user"] = row["email"].split("@")[0]
    row["first_surname"] = f"{row['first_name']} {row['surname']}" if row["first_name"] and row["surname"] else ""


def region_clean(row):
    row["postal"] = row["postcode"]
    whole = row["family_kana"] and row["given_kana"]
    row["address"] = f"{row['town']} {row['block']}".strip()
    row["kana_name"] = f"{row['family_kana']} {row['given_kana']}" if whole else ""
    row["policy"] = "-".join([row["insurer"], row["symbol"], row["number"]]) if row["number"] else ""


def region_raw(row):
    row["postal"] = row["postal_code"]
    row["policy"] = "-".join([row["insurer"], row["symbol"], row["number"]]) if row["number"] else ""


DERIVE = {"rldata": rldata, "pseudopeople": pseudopeople, "historical_50k": historical_50k, "fake_1000": fake_1000,
          "region_clean": region_clean, "region_raw": region_raw}


def derived(family, rows):
    """Rows with the family's derived columns; the same for every peer."""
    derive = DERIVE.get(family)
    if derive:
        for row in rows:
            derive(row)
    return rows
