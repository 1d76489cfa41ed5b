#!/usr/bin/env python3
"""Draws what `onewriter-bench --json` prints as SVG files.

Writes scaling-NAME.svg for each quantity on which the scaling was measured, as
`onewriter-bench results` does. With --latency, the JSON may be of any run: it
writes latency-LEVEL-WORKLOAD.svg with the latency of the writes by percentile.
"""
import argparse
import io
import json
import math
import pathlib
import re
import sys

try:
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot, ticker
except ImportError:
    sys.exit("plot.py: matplotlib is missing; Debian's package of it is "
             "python3-matplotlib")

# The colours can be told apart by people who do not see all of them.
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#b8578f",
           "#555c64", "#d08c00", "#3fa0dc", "#7d7d1f", "#8a4b2a", "#6b5fc7"]
MARKERS = "os^vDp<>hX"
# Of backends: the same with threads as callers.
THREADS = "-threads"
QUIET = "#59636e"
GRID = "#e4e7eb"

# Texts stay texts, and the same figures make the same file.
STYLE = {
    "svg.fonttype": "none", "svg.hashsalt": "onewriter",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "text.color": "#1f2328", "axes.labelcolor": QUIET, "axes.edgecolor": QUIET,
    "xtick.color": QUIET, "ytick.color": QUIET, "xtick.major.size": 0,
    "ytick.major.size": 0, "axes.grid": True, "grid.color": GRID,
    "axes.axisbelow": True, "axes.spines.top": False, "axes.spines.left": False,
    "axes.spines.right": False, "axes.titlesize": 10,
    "axes.titlelocation": "left", "axes.titlecolor": QUIET,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.w_pad": 0.15,
    "figure.constrained_layout.h_pad": 0.1,
}


class BadInput(Exception):
    """What the user is told."""


# -- axes ---------------------------------------------------------------------


def count_text(x, _=None):
    """20k, 1.5M."""
    for unit, prefix in (1e6, "M"), (1e3, "k"):
        if x >= unit:
            return f"{x / unit:g}{prefix}"
    return f"{x:g}"


def duration_text(us, _=None):
    """20 µs, 1.5 ms, 10 s."""
    for unit, name in (1e6, "s"), (1e3, "ms"):
        if us >= unit:
            return f"{us / unit:g} {name}"
    return f"{us:g} µs" if us > 0 else "0"


def column(points, key):
    """What was not measured is null, and leaves a gap."""
    return [math.nan if x[key] is None else x[key] for x in points]


def are_far_apart(lines):
    """Whether the highest point of a line is 20 times that of another."""
    highest = [max(filter(math.isfinite, line), default=0) for line in lines]
    highest = [x for x in highest if x > 0]
    return bool(highest) and max(highest) > 20 * min(highest)


def finish_y(axes, label, to_text, logarithmic):
    if logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_minor_locator(ticker.NullLocator())
    else:
        axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(to_text)
    axes.set_title(label + ", log scale" * logarithmic)


def looks_of(backends):
    """How the line of each is drawn, in their order: with threads as callers, as
    with actors, but dashed."""
    kinds = list(dict.fromkeys(x.removesuffix(THREADS) for x in backends))

    def look(backend):
        index = kinds.index(backend.removesuffix(THREADS))
        return {"color": COLOURS[index % len(COLOURS)],
                "marker": MARKERS[index % len(MARKERS)],
                "markeredgecolor": "white",
                "linestyle": "--" if backend.endswith(THREADS) else "-"}
    return [look(x) for x in backends]


def save(figure, title, path):
    figure.suptitle(title, x=0.02, ha="left", fontsize=12, fontweight="bold")
    figure.axes[0].legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    svg = io.StringIO()
    figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    # A tenth of it is line breaks and spaces.
    path.write_text(re.sub(r"\s*\n\s*", " ", svg.getvalue()).strip() + "\n")
    print(path)


# -- scaling --------------------------------------------------------------------


def lines_of(section):
    """The points of each line, by its name."""
    result = {}
    for point in section["lines"]:
        name = f"{point['backend']}, {point['synchronous']}"
        result.setdefault(name, []).append(point)
    return result


def whiskers(points):
    """How far the slowest and the fastest round are from the median."""
    median = column(points, "rows_per_s")
    return [[abs(x - y) for x, y in zip(median, column(points, key))]
            for key in ("least_rows_per_s", "most_rows_per_s")]


def draw_scaling(section, folder):
    figure, (rates, p99s) = pyplot.subplots(2, sharex=True, figsize=(9, 5.4))
    lines = lines_of(section)
    places = list(dict.fromkeys(x["x"] for x in section["lines"]))
    for look, (name, points) in zip(looks_of(list(lines)), lines.items()):
        at = [places.index(x["x"]) for x in points]
        # On their own: their caps have no edges as markers do.
        rates.errorbar(at, column(points, "rows_per_s"), whiskers(points),
                       fmt="none", ecolor=look["color"], capsize=4)
        rates.plot(at, column(points, "rows_per_s"), label=name, **look)
        p99s.plot(at, column(points, "p99_us"), **look)
    for axes, key, label, to_text in (
            (rates, "rows_per_s", "rows/s", count_text),
            (p99s, "p99_us", "p99 of the writes", duration_text)):
        finish_y(axes, label, to_text,
                 are_far_apart([column(x, key) for x in lines.values()]))
    p99s.set_xticks(range(len(places)), places)
    p99s.set_xlabel(section["x_name"])
    save(figure, section["title"], folder / f"scaling-{section['name']}.svg")


# -- latency --------------------------------------------------------------------


def median_round(series):
    rounds = sorted(series["rounds"], key=lambda x: x["rows_per_s"])
    return rounds[(len(rounds) - 1) // 2]


def curve_of(series):
    """From p50 on: one of how many writes takes longer, and longer than what."""
    latency = median_round(series)["write_latency"]
    if latency is None:
        return []
    curve = zip(latency["curve"]["percentile"], latency["curve"]["us"])
    return [(100 / (100 - percentile), us)
            for percentile, us in curve if percentile >= 50]


def percentile_text(one_of, _=None):
    return f"{100 - 100 / one_of:.10g} %"


def draw_latency(level, workload, all_series, folder):
    figure, axes = pyplot.subplots(figsize=(9, 4))
    looks = looks_of([x["backend"] for x in all_series])
    for look, series in zip(looks, all_series):
        points = curve_of(series)
        axes.plot([x for x, _ in points], [y for _, y in points],
                  label=series["backend"], markevery=5, **look)
    axes.set_xscale("log")
    axes.xaxis.set_minor_locator(ticker.NullLocator())
    axes.xaxis.set_major_formatter(percentile_text)
    axes.set_xlabel("percentile of the writes")
    finish_y(axes, "latency", duration_text, True)
    name = re.sub(r"[^0-9a-z]+", "-", workload.lower()).strip("-")
    save(figure, f"{workload}, synchronous = {level}: latency of a write",
         folder / f"latency-{level}-{name}.svg")


# -- the program ----------------------------------------------------------------


def draw(results, folder, latency):
    groups = {}
    for series in results["series"] if latency else []:
        key = series["synchronous"], series["workload"]
        groups.setdefault(key, []).append(series)
    for (level, workload), all_series in groups.items():
        draw_latency(level, workload, all_series, folder)
    sections = [] if latency else results.get("scaling", [])
    for section in sections:
        draw_scaling(section, folder)
    if not groups and not sections:
        raise BadInput("there is nothing to draw; scaling is measured by "
                       "'onewriter-bench results', unless it fails")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", nargs="?", type=argparse.FileType("r"),
                        default=sys.stdin,
                        help="the JSON; default: standard input")
    parser.add_argument("--folder", type=pathlib.Path,
                        default=pathlib.Path("bench"),
                        help="where the SVG files are written; default: bench")
    parser.add_argument("--latency", action="store_true",
                        help="draw latencies instead of scaling")
    asked = parser.parse_args()
    try:
        with pyplot.rc_context(STYLE):
            draw(json.load(asked.file), asked.folder, asked.latency)
    except (BadInput, OSError, json.JSONDecodeError) as error:
        sys.exit(f"plot.py: {error}")


if __name__ == "__main__":
    main()
