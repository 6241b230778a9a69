# SPDX-License-Identifier: Apache-2.0
"""The data that speed is measured on, made on demand and kept under the cache."""
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import easy_set

FACILITIES = ["hospital", "clinic", "pharmacy", "dental", "care"]
PERSONS_A_RECORD = 0.535  # of `nayose generate`, about


@dataclass(frozen=True)
class DataSet:
    """`recipe` is Splink's for it, `what` how to make it again."""
    name: str
    recipe: str
    what: str
    files: tuple
    truth: Path

    @property
    def bytes(self):
        return sum(path.stat().st_size for path in self.files)


def given(folder):
    """A folder as `nayose generate` leaves it."""
    files = tuple(path for path in (Path(folder) / f"{facility}.csv" for facility in FACILITIES) if path.is_file())
    if not files or not (Path(folder) / "truth.csv").is_file():
        raise SystemExit(f"{folder}: needs the files of `nayose generate`, truth.csv among them")
    return DataSet("region", "region", described(folder), files, Path(folder) / "truth.csv")


def described(folder):
    """Persons, seed and dirt of a generated region; nothing of where it lies."""
    about = Path(folder) / "region.json"
    if not about.is_file():
        return "a folder given"
    options = json.loads(about.read_text(encoding="utf-8"))
    return (f"nayose generate --persons {options['persons_asked']} --seed {options['seed']} "
            f"--dirt {options['dirt']:g}")


def region(nayose, cache, records, seed, dirt=1.0, name_power=1.0):
    folder = Path(cache) / "speed" / f"region_{records}_seed{seed}_dirt{dirt:g}_names{name_power:g}"
    if not (folder / "truth.csv").is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([nayose, "generate", "--persons", str(round(records * PERSONS_A_RECORD)), "--seed", str(seed),
                        "--dirt", str(dirt), *(["--name-power", str(name_power)] if name_power != 1 else []),
                        "--force", "--output", folder], check=True, capture_output=True)
    return given(folder)


def easy(cache, records, seed):
    folder = Path(cache) / "speed" / f"easy_{records}_seed{seed}"
    if not (folder / "truth.csv").is_file():
        easy_set.generate(folder, records, seed)
    return DataSet("easy", "easy", f"bench/speed/easy_set.py, {records} records, seed {seed}",
                   (folder / "patients.csv",), folder / "truth.csv")
