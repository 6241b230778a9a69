# SPDX-License-Identifier: Apache-2.0
"""The Markdown table of a result file."""
from . import datasets, tools

HEADER = ("| set | tool | F1 | 95 % | precision | recall | B³ F1 | F1, best threshold | s | MB |\n"
          "|---|---|---|---|---|---|---|---|---|---|")


def figure(value):
    return f"{value:.4f}"


def line(run):
    tool = tools.BY_NAME[run["tool"]]
    name = tool.shown + (" †" if tool.truth else "")
    if "default" not in run:
        reason = f"failed: {run['failure']}" if "failure" in run else f"not available: {run['not_available']}"
        time, memory = (f"{run['wall_s']:.0f}", f"{run['peak_rss_mb']:.0f}") if "wall_s" in run else ("", "")
        return f"| {run['set']} | {name} | {reason} | | | | | | {time} | {memory} |"
    scores = run["default"]
    low, high = scores["interval"]["f1"]
    oracle = figure(run["oracle"]["f1"]) if "oracle" in run else "–"
    cells = [run["set"], name, figure(scores["f1"]), f"{low:.4f}–{high:.4f}", figure(scores["precision"]),
             figure(scores["recall"]), figure(scores["b3_f1"]), oracle, f"{run['tool_s']:.1f}",
             f"{run['peak_rss_mb']:.0f}"]
    return f"| {' | '.join(cells)} |"


def ordered(runs):
    set_order, tool_order = list(datasets.BY_NAME), list(tools.BY_NAME)
    return sorted(runs, key=lambda run: (set_order.index(run["set"]), tool_order.index(run["tool"])))


def notes(result):
    machine = result["machine"]
    shared = "; shared with other work, so times are upper bounds" if machine["shared"] else ""
    versions = ", ".join(sorted({f"{package} {version}" for found in result["versions"].values()
                                 for package, version in found.items()}))
    told = "; ".join(f"{tool.shown}: {tool.truth}" for tool in tools.TOOLS if tool.truth)
    skipped = [f"{name}: {facts['skipped']}" for name, facts in result["sets"].items() if "skipped" in facts]
    return "\n".join([
        "F1, precision and recall of pairs after clustering (link sets: pairs across the lists), at the tool's own",
        "default; 95 % by a bootstrap over components. Best threshold: chosen with the truth in hand.",
        f"† learns from the truth ({told}); the trees are scored on the other half.",
        f"s: reading to clusters; MB: peak resident. {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gb']:.0f} GB{shared}.",
        f"Caps: {result['caps']['minutes']:g} minutes of processor time (three times that by the clock), {result['caps']['gigabytes']:g} GB a run. {versions}.",
        *(f"Skipped: {text}." for text in skipped),
        *(f"Not run: {text}." for text in not_run(result))])


def not_run(result):
    """What a partial result lacks, by tool."""
    done = {(run["set"], run["tool"]) for run in result["runs"]}
    known = [name for name in datasets.BY_NAME if "skipped" not in result["sets"].get(name, {})]
    for tool in tools.TOOLS:
        lacking = [name for name in known if (name, tool.name) not in done]
        if lacking:
            yield f"{tool.shown} on {', '.join(lacking)}"


def short_cell(run):
    if run is None:
        return "not run"
    if "default" not in run:
        return "–" if "not_available" in run else "stopped"
    oracle = f" / {run['oracle']['f1']:.3f}" if "oracle" in run else ""
    return f"{run['default']['f1']:.3f}{oracle}"


def short(result):
    """One row a set, one column a tool: F1 at its default / at the best threshold."""
    by_place = {(run["set"], run["tool"]): run for run in result["runs"]}
    sets = [name for name in datasets.BY_NAME if any(place[0] == name for place in by_place)]
    shown = [tool for tool in tools.TOOLS if any(place[1] == tool.name for place in by_place)]
    head = "| set | " + " | ".join(tool.shown + (" †" if tool.truth else "") for tool in shown) + " |"
    rows = ["| " + " | ".join([name, *(short_cell(by_place.get((name, tool.name))) for tool in shown)]) + " |" for name in sets]
    return "\n".join([head, "|---" * (len(shown) + 1) + "|", *rows])


def markdown(result):
    return "\n".join([HEADER, *map(line, ordered(result["runs"])), "", notes(result)])
