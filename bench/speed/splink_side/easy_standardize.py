# SPDX-License-Identifier: Apache-2.0
"""The easy set as a table: its rows are clean, nothing is to be folded."""


def standardize(connection, paths):
    """Makes the table `people`."""
    listed = ", ".join(f"'{path}'" for path in paths)
    connection.execute(f"""
        CREATE TABLE people AS
        SELECT source || ':' || record_id AS record_id, name, kana, birth, sex, postal_code AS postal, phone
        FROM read_csv([{listed}], all_varchar = true)""")
