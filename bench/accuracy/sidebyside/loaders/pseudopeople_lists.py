# SPDX-License-Identifier: Apache-2.0
"""Prints one list of the simulated population of pseudopeople as CSV: census or w2, both of 2020, seed 1,
with the noise it has by default. Names, addresses and the truth only. Runs in the loaders' environment."""
import sys

import pseudopeople

ADDRESS = ["street_number", "street_name", "unit_number", "city", "state", "zipcode"]
NAMES = ["first_name", "middle_initial", "last_name"]

if sys.argv[1] == "census":
    people = pseudopeople.generate_decennial_census(seed=1, year=2020)
else:
    people = pseudopeople.generate_taxes_w2_and_1099(seed=1, year=2020)
    people = people.rename(columns={f"mailing_address_{part}": part for part in ADDRESS})
people[["simulant_id", *NAMES, *ADDRESS]].to_csv(sys.stdout, index=False)
