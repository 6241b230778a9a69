# SPDX-License-Identifier: Apache-2.0
"""What Splink's library offers, a comparison a field: the recipe of somebody who has read its tutorials. The same
table, blocking rules and training as recipe.py; only the comparisons are others."""
import splink.comparison_library as cl
from splink import SettingsCreator, block_on

from recipe import LINKED, RULES, WRITTEN, train  # noqa: F401


def weighed(comparison):
    return comparison.configure(term_frequency_adjustments=True)


def settings():
    return SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in RULES],
        comparisons=[weighed(cl.JaroWinklerAtThresholds("name", [0.9])), weighed(cl.JaroWinklerAtThresholds("kana", [0.92])),
                     cl.DamerauLevenshteinAtThresholds("birth", [1]), cl.ExactMatch("sex"),
                     cl.ExactMatch("policy"), cl.ExactMatch("branch"), cl.ExactMatch("care_number"), cl.ExactMatch("postal"),
                     cl.LevenshteinAtThresholds("home", [1]), cl.ExactMatch("phone")])
