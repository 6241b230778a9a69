# SPDX-License-Identifier: Apache-2.0
"""The Markdown table of an endtoend result."""
from . import machine
from .contestants import NAYOSE, SPLINK

HEADER = ("| data | program | s | times ours | processor s | peak GB | precision | recall | F1 | best F1 † | "
          "blocking recall | pairs a record |\n|---|---|---|---|---|---|---|---|---|---|---|---|")


def ranged(value, digits=1):
    low, high = f"{value['low']:.{digits}f}", f"{value['high']:.{digits}f}"
    middle = f"{value['median']:.{digits}f}"
    return middle if low == high else f"{middle} ({low}–{high})"


def row(shown, name, found, versions):
    tool = found["tools"][name]
    ratio = ranged(found["ratios"][name]["wall_s"]) if name in found["ratios"] else "1"
    title = f"libmpi {versions['nayose']}" if name == NAYOSE else f"Splink {versions['splink']}, {SPLINK[name].what}"
    scores, blocking = tool["scores"], tool["blocking"]
    best = f"{blocking['best_f1']:.4f}" if "best_f1" in blocking else "–"
    return (f"| {shown} | {title} | {ranged(tool['wall_s'])} | {ratio} | {ranged(tool['cpu_s'])} | "
            f"{tool['peak_mb']['median'] / 1e3:.2f} | {scores['precision']:.4f} | {scores['recall']:.4f} | "
            f"{scores['f1']:.4f} | {best} | {blocking['recall']:.4f} | {blocking['pairs_a_record']:.1f} |")


def of(result):
    lines = [HEADER]
    for name, found in result["sets"].items():
        lines += [row(f"{name}, {found['records']:,} records", tool, found, result["versions"]) for tool in found["tools"]]
    sources = "; ".join(f"{name}: {found['what']}" for name, found in result["sets"].items())
    rounds = len(next(iter(next(iter(result["sets"].values()))["tools"].values()))["runs"])
    lines += ["", f"Raw CSV to all outputs, {rounds} rounds in turn, median (lowest–highest); {result['threads']} threads each. "
              f"Ratios are of one round's wall times. † the threshold chosen with the truth in hand. {sources}. "
              f"{result['at'][:10]}, {machine.line(result['machine'])}."]
    return "\n".join(lines)
