# SPDX-License-Identifier: Apache-2.0
"""One virtual environment a tool, made on demand from its pinned requirements, outside the sources."""
import hashlib
import json
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[1] / "requirements"


def python(name, cache):
    """The interpreter of the environment `name`; made, or made anew after its requirements changed."""
    requirements = REQUIREMENTS / f"{name}.txt"
    folder = Path(cache) / "venv" / name
    stamp = folder / "requirements.sha256"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    interpreter = folder / "bin" / "python"
    if not (stamp.is_file() and stamp.read_text() == digest and interpreter.is_file()):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                        "-r", str(requirements)], check=True)
        stamp.write_text(digest)
    return str(interpreter)


def versions(name, cache, packages):
    """{package: version} as installed."""
    script = ("import importlib.metadata as m, json, sys; "
              "print(json.dumps({p: m.version(p) for p in sys.argv[1:]}))")
    done = subprocess.run([python(name, cache), "-c", script, *packages], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
