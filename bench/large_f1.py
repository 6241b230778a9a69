#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Precision, recall and F1 of pairs where `nayose evaluate` would not fit into memory: counted by DuckDB, which spills.

    bench/large_f1.py RUN/clusters.csv REGION/truth.csv [--memory 8GB] [--temp DIR]

Needs DuckDB (it comes with Splink: bench/accuracy/requirements/splink.txt). On a million records it gives what
`nayose evaluate` gives.
"""
import argparse
import json
import tempfile
from pathlib import Path

import duckdb

JOINED = """
CREATE TABLE judged AS
SELECT hash(c.cluster_id) AS cluster, t.person_id AS person
FROM read_csv(?, all_varchar = true) c
JOIN read_csv(?, all_varchar = true) t
  ON t.source = c.source AND t.record_id = regexp_replace(c.record_id, '#[0-9]+$', '')
"""
PAIRS = "SELECT coalesce(sum(n * (n - 1) // 2), 0)::BIGINT FROM (SELECT count(*) AS n FROM judged GROUP BY {})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clusters")
    parser.add_argument("truth")
    parser.add_argument("--memory", default="8GB")
    parser.add_argument("--temp", help="folder for what does not fit (default: the system's)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.temp) as folder:
        counts = duckdb.connect(str(Path(folder, "judged.duckdb")),
                                config={"memory_limit": options.memory, "temp_directory": str(Path(folder, "spilled"))})
        counts.execute(JOINED, [options.clusters, options.truth])
        records = counts.execute("SELECT count(*) FROM judged").fetchone()[0]
        found, true, both = (counts.execute(PAIRS.format(by)).fetchone()[0]
                             for by in ("cluster", "person", "cluster, person"))
        counts.close()
    precision, recall = both / found, both / true
    print(json.dumps({"records": records, "pairs_found": found, "true_pairs": true, "both": both,
                      "precision": round(precision, 5), "recall": round(recall, 5),
                      "f1": round(2 * precision * recall / (precision + recall), 5)}))


if __name__ == "__main__":
    main()
