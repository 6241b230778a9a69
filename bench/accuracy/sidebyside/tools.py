# SPDX-License-Identifier: Apache-2.0
"""The tools: the environment, the adapter and the packages whose versions are noted."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    name: str
    shown: str
    adapter: str
    environment: str = ""  # "": the interpreter that runs this
    packages: tuple = ()
    variant: str = ""
    truth: str = ""  # what the tool is told of the truth, if anything


TOOLS = [
    Tool("libmpi", "libmpi", "libmpi_adapter.py"),
    Tool("splink", "Splink", "splink_adapter.py", "splink", ("splink", "duckdb")),
    Tool("recordlinkage", "recordlinkage ECM", "recordlinkage_adapter.py", "recordlinkage", ("recordlinkage",)),
    Tool("goldenmatch", "goldenmatch, auto", "goldenmatch_adapter.py", "goldenmatch",
         ("goldenmatch", "goldenmatch-native"), "auto"),
    Tool("goldenmatch_hand", "goldenmatch, by hand", "goldenmatch_adapter.py", "goldenmatch",
         ("goldenmatch", "goldenmatch-native"), "hand"),
    Tool("dedupe", "dedupe", "dedupe_adapter.py", "dedupe", ("dedupe",), truth="100 answers"),
    Tool("supervised", "supervised trees", "supervised_adapter.py", "supervised", ("scikit-learn", "RapidFuzz"),
         truth="half of the persons"),
]
BY_NAME = {tool.name: tool for tool in TOOLS}
