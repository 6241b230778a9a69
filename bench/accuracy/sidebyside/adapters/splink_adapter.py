# SPDX-License-Identifier: Apache-2.0
"""Splink 5 on DuckDB: the comparisons and blocking rules its demos use for FEBRL and historical_50k, and the
like for the other families; term frequencies on."""
import time

import exchange
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

DEFAULT = 4.248  # bits: match probability 0.95
FLOOR = -10.0  # match weight below which no pair is kept for the sweep


def tf(comparison):
    return comparison.configure(term_frequency_adjustments=True)


def birth(column, form="%Y-%m-%d"):
    return cl.DateOfBirthComparison(column, input_is_string=True, datetime_format=form, invalid_dates_as_null=True)


def febrl(task):
    link = task["kind"] == "link"
    names = [cl.NameComparison("given_name"), cl.NameComparison("surname")]
    postcode = cl.ExactMatch("postcode")
    if link:
        names, postcode = [tf(c) for c in names], cl.DamerauLevenshteinAtThresholds("postcode", [1, 2])
    swapped = "l.given_name = r.surname and l.surname = r.given_name"
    rules = [block_on("soc_sec_id"), block_on("date_of_birth"), block_on("postcode")]
    if link:
        rules += [block_on("given_name", "surname"), swapped, block_on("state", "address_1"),
                  block_on("street_number", "address_1")]
    else:
        rules += [block_on("given_name"), block_on("surname")]
    sure = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    return {
        "comparisons": [*names, birth("date_of_birth", "%Y%m%d"),
                        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2] if link else [2]),
                        tf(cl.ExactMatch("street_number")), tf(postcode)],
        "rules": rules,
        "sure": sure if link else [*sure, swapped + " and l.date_of_birth = r.date_of_birth"],
        "recall": 0.8 if link else 0.9,
        "train": [block_on("date_of_birth"), block_on("postcode")],
    }


def rldata(task):
    return {
        "comparisons": [tf(cl.NameComparison("fname_c1")), tf(cl.NameComparison("lname_c1")),
                        cl.LevenshteinAtThresholds("dob", [1, 2])],
        "rules": [block_on("fname_c1", "by"), block_on("lname_c1", "by"), block_on("dob"),
                  block_on("fname_c1", "lname_c1"), block_on("bm", "bd", "substr(lname_c1,1,2)"),
                  block_on("by", "bm", "substr(lname_c1,1,1)")],
        "sure": [block_on("fname_c1", "lname_c1", "dob"), block_on("fname_c1", "dob"), block_on("lname_c1", "dob")],
        "recall": 0.8,
        "train": [block_on("dob"), block_on("fname_c1", "lname_c1")],
    }


def address_levels():
    """One comparison for the whole address, whose parts are far from independent."""
    return cl.CustomComparison(output_column_name="address", comparison_levels=[
        cll.NullLevel("address"),
        cll.ExactMatchLevel("address").configure(tf_adjustment_column="address"),
        cll.JaroWinklerLevel("address", 0.92),
        cll.And(cll.ExactMatchLevel("zipcode"), cll.JaroWinklerLevel("street_name", 0.9)),
        cll.ElseLevel()])


def pseudopeople(task):
    return {
        "comparisons": [tf(cl.NameComparison("first_name")), tf(cl.NameComparison("last_name")),
                        cl.ExactMatch("middle_initial"), address_levels()],
        "rules": [block_on("first_name", "last_name"), block_on("last_name", "street_number"),
                  block_on("street_number", "street_name"), block_on("first_name", "street_name"),
                  block_on("first_name", "middle_initial", "last_3"),
                  block_on("last_name", "middle_initial", "first_3")],
        "sure": [block_on("first_name", "last_name", "address")],
        "recall": 0.7,
        "train": [block_on("first_name", "last_name"), block_on("street_number", "street_name", "first_name"),
                  block_on("address", "middle_initial")],
    }


def historical_50k(task):
    return {
        "comparisons": [cl.ForenameSurnameComparison("first_name", "surname",
                                                     forename_surname_concat_col_name="first_surname"),
                        birth("dob"), cl.PostcodeComparison("postcode_fake"), tf(cl.ExactMatch("birth_place")),
                        tf(cl.ExactMatch("occupation"))],
        "rules": [block_on("first_3", "surname_4"), block_on("surname", "dob"), block_on("first_name", "dob"),
                  block_on("postcode_fake", "first_name"), block_on("postcode_fake", "surname"),
                  block_on("dob", "birth_place"), block_on("area", "dob"), block_on("area", "first_name"),
                  block_on("area", "surname"), block_on("first_2", "surname_2", "year")],
        "sure": [block_on("first_name", "surname", "dob"), block_on("dob", "postcode_fake"),
                 block_on("first_2", "surname", "substr(postcode_fake,1,2)")],
        "recall": 0.6,
        "train": [block_on("first_name", "surname"), block_on("dob")],
        "pairs": 1e7,
    }


def fake_1000(task):
    def alike(column, *thresholds):
        return cl.JaroWinklerAtThresholds(column, list(thresholds))
    return {
        "comparisons": [tf(alike("first_name", 0.9, 0.7)), tf(alike("surname", 0.9, 0.7)),
                        cl.LevenshteinAtThresholds("dob", [1, 2]), tf(alike("city", 0.85)), alike("email", 0.9, 0.7)],
        "rules": [block_on("first_name"), block_on("surname"), block_on("dob"), block_on("email"), block_on("user")],
        "sure": [block_on("first_name", "surname", "dob"), block_on("email")],
        "recall": 0.7,
        "train": [block_on("first_name", "surname"), block_on("dob")],
    }


def household(same_address):
    """One comparison for policy, address and phone, which the members of a household share: what one of them
    says beyond another is little, and taken as independent they link whole families."""
    def any_equal(*conditions):
        return cll.CustomLevel(" OR ".join(f"({c})" for c in conditions), "same household")
    policy, phone = "policy_l = policy_r", "phone_l = phone_r"
    return cl.CustomComparison(output_column_name="household", comparison_levels=[
        cll.CustomLevel("(policy_l IS NULL OR policy_r IS NULL) AND (phone_l IS NULL OR phone_r IS NULL) AND "
                        "(postal_l IS NULL OR postal_r IS NULL)", "no value").configure(is_null_level=True),
        cll.CustomLevel(f"{policy} AND branch_l = branch_r", "same policy and branch"),
        cll.CustomLevel(f"{policy} AND branch_l <> branch_r", "same policy, another branch"),
        any_equal(policy, phone, same_address),
        cll.CustomLevel("postal_l = postal_r", "same postcode"),
        cll.ElseLevel()])


def region_clean(task):
    return {
        "comparisons": [tf(cl.JaroWinklerAtThresholds("given", [0.6])),
                        cl.ForenameSurnameComparison("given_kana", "family_kana",
                                                     forename_surname_concat_col_name="kana_name"),
                        birth("birth"), cl.ExactMatch("sex"), cl.ExactMatch("care_number"),
                        household("town_l = town_r AND block_l = block_r")],
        "rules": [block_on("birth", "sex"), block_on("phone"), block_on("kana_name"), block_on("family", "given"),
                  block_on("policy"), block_on("care_number"), block_on("given_kana", "postal"),
                  block_on("family_kana", "town", "block")],
        "sure": [block_on("kana_name", "birth"), block_on("family", "given", "birth")],
        "recall": 0.8,
        "train": [block_on("birth", "sex"), block_on("kana_name")],
    }


def region_raw(task):
    return {
        "comparisons": [tf(cl.JaroWinklerAtThresholds("name", [0.95, 0.8])),
                        tf(cl.JaroWinklerAtThresholds("kana", [0.95, 0.8])),
                        cl.LevenshteinAtThresholds("birth", [1, 2]), cl.ExactMatch("sex"),
                        cl.ExactMatch("care_number"), household("street_l = street_r")],
        "rules": [block_on("birth"), block_on("phone"), block_on("kana"), block_on("name"), block_on("policy"),
                  block_on("care_number"), block_on("postal", "street")],
        "sure": [block_on("name", "birth"), block_on("kana", "birth")],
        "recall": 0.4,
        "train": [block_on("birth"), block_on("kana"), block_on("name")],
    }


FAMILIES = {f.__name__: f for f in
            (febrl, rldata, pseudopeople, historical_50k, fake_1000, region_clean, region_raw)}


def registered(db, task):
    """The lists as tables; an empty value is a missing one."""
    tables = []
    for i, path in enumerate(task["lists"]):
        relation = db.duckdb_con.read_csv(path, all_varchar=True)
        columns = ", ".join(f'nullif("{c}", \'\') as "{c}"' for c in relation.columns)
        name = f"list_{'ab'[i]}"
        db.duckdb_con.execute(f"create table {name} as select {columns} from relation")
        tables.append(db.register(name))
    return tables


def trained(task):
    recipe = FAMILIES[task["family"]](task)
    link = task["kind"] == "link"
    db = DuckDBAPI()
    settings = SettingsCreator(
        unique_id_column_name="record_id", link_type="link_only" if link else "dedupe_only",
        comparisons=recipe["comparisons"], blocking_rules_to_generate_predictions=recipe["rules"])
    tables = registered(db, task)
    linker = Linker(tables if link else tables[0], settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(recipe["sure"], recall=recipe["recall"])
    training.estimate_u_using_random_sampling(max_pairs=recipe.get("pairs", 5e6), seed=2)
    for rule in recipe["train"]:
        training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)
    return linker


def main():
    task, out = exchange.job()
    started = time.monotonic()
    linker = trained(task)
    predicted = linker.inference.predict(threshold_match_weight=FLOOR)
    rows = predicted.as_duckdbpyrelation().project("record_id_l, record_id_r, match_weight").fetchall()
    exchange.write_edges(out, rows)
    linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_weight=DEFAULT)
    seconds = time.monotonic() - started
    exchange.write_meta(out, {"threshold": DEFAULT}, "demo recipe of the family; the demos' match probability 0.95",
                        seconds)


if __name__ == "__main__":
    main()
