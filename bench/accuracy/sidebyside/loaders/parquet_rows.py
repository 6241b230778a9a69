# SPDX-License-Identifier: Apache-2.0
"""Prints a Parquet file as CSV. Runs in the loaders' environment."""
import sys

import pandas

pandas.read_parquet(sys.argv[1]).to_csv(sys.stdout, index=False)
