# SPDX-License-Identifier: Apache-2.0
"""The frozen recipe of Splink for the easy set: library comparisons, one tight blocking rule that misses nothing."""
import splink.comparison_library as cl
from splink import SettingsCreator, block_on

LINKED, WRITTEN = 0.95, 0.5
RULES = [("birth", "postal")]
SURE = [("name", "birth", "phone")]
SURE_RECALL = 0.95
# Wider than the rule above: where all pairs of a block are matches, EM's share of matches becomes 1 and its weights
# infinite, which Splink's SQL does not survive.
TRAINING = [("birth",), ("name",)]
EM_PAIRS = 2e6


def weighed(comparison):
    return comparison.configure(term_frequency_adjustments=True)


def settings():
    return SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in RULES],
        comparisons=[weighed(cl.ExactMatch("name")), weighed(cl.JaroWinklerAtThresholds("kana", [0.9])),
                     cl.LevenshteinAtThresholds("birth", 1), cl.ExactMatch("sex"), cl.ExactMatch("postal"),
                     cl.LevenshteinAtThresholds("phone", 1)])


def train(linker, u_pairs):
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on(*rule) for rule in SURE], recall=SURE_RECALL)
    training.estimate_u_using_random_sampling(max_pairs=u_pairs, seed=1)
    for rule in TRAINING:
        training.estimate_parameters_using_expectation_maximisation(
            block_on(*rule), estimate_without_term_frequencies=True, max_pairs=EM_PAIRS)
