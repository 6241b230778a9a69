# SPDX-License-Identifier: Apache-2.0
"""Who runs: the command of each, from raw CSV files to all of its outputs, and how its answer is judged."""
import csv
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sidebyside import environments, scorer

SPLINK_RUN = Path(__file__).with_name("splink_side") / "run.py"
NAYOSE = "nayose"


@dataclass(frozen=True)
class Setting:
    """Of Splink: random pairs that u-probabilities come from, most of its time; `recipe` in place of a region's."""
    what: str
    u_pairs: float
    recipe: str = ""


# Splink's manual: ten million pairs are often adequate, a thousand million best. `splink` takes the fewest that cost
# no accuracy here, `splink_docs` a tenth of the best, `splink_plain` a comparison a field.
SPLINK = {"splink": Setting("u from 10⁷ pairs", 1e7), "splink_docs": Setting("u from 10⁸ pairs", 1e8),
          "splink_plain": Setting("plain, u from 10⁷ pairs", 1e7, "plain")}
DEFAULT_SPLINK = ["splink", "splink_docs"]


@dataclass(frozen=True)
class Field:
    """Where the programs are, and how many threads each gets."""
    nayose: Path
    cache: Path
    threads: int
    more: tuple = ()  # further options of nayose dedupe

    def command(self, name, data, out):
        if name == NAYOSE:
            return [self.nayose, "dedupe", *data.files, "--output", out, "--force", "--no-progress",
                    "--threads", self.threads, *self.more]
        setting = SPLINK[name]
        recipe = setting.recipe if setting.recipe and data.recipe == "region" else data.recipe
        return [environments.python("splink", self.cache), SPLINK_RUN, *data.files, "--out", out, "--threads",
                self.threads, "--recipe", recipe, "--u-pairs", f"{setting.u_pairs:g}"]

    def versions(self):
        said = subprocess.run([self.nayose, "--version"], capture_output=True, text=True, check=True).stdout.split()
        return {"nayose": said[-1], **environments.versions("splink", self.cache, ["splink", "duckdb", "pyarrow"])}

    def evaluated(self, *arguments):
        done = subprocess.run([self.nayose, "evaluate", *map(str, arguments), "--json"], capture_output=True, text=True)
        if not done.stdout:
            raise SystemExit(f"nayose evaluate: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def judged(self, name, data, out):
        """Scores of the clusters in `out`, by one judge for all."""
        found = self.evaluated("--clusters", out / "clusters.csv", "--truth", data.truth)
        scores = {"records": found["records"], "true_pairs": found["true_pairs"],
                  **{key: figure(found["pairs"][key]) for key in ("precision", "recall", "f1")}}
        stages = stages_of(name, out)
        return scores | ({"stages_s": stages} if stages else {})

    def blocking(self, name, data, out):
        """Candidate pairs and the share of true pairs among them; of Splink also its best F1, the truth in hand."""
        if name == NAYOSE:
            found = self.evaluated(out, "--truth", data.truth)["blocking"]
            return {"candidate_pairs": found["candidate_pairs"], "recall": figure(found["recall"])}
        subprocess.run([*map(str, self.command(name, data, out)), "--pairs", str(data.truth)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found = json.loads((out / "blocking.json").read_text(encoding="utf-8"))
        threshold, f1 = scorer.best_threshold(read_truth(data.truth), read_pairs(out / "pairs.csv"))
        return {"candidate_pairs": found["candidate_pairs"], "recall": found["recall"],
                "best_threshold_bits": threshold, "best_f1": f1}


def figure(value):
    return value["value"] if isinstance(value, dict) else value


def stages_of(name, out):
    """Seconds by stage, as the tool says."""
    if name == NAYOSE:
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        return {stage["stage"]: round(stage["seconds"], 2) for stage in summary["stages"]}
    path = out / "stages.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def read_truth(path):
    with open(path, encoding="utf-8", newline="") as file:
        return {f"{row['source']}:{row['record_id']}": row["person_id"] for row in csv.DictReader(file)}


def read_pairs(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return [(left, right, float(weight)) for left, right, weight in rows]
