#!/usr/bin/env python3
"""Tests bench/plot.py. Exit status: 77 where matplotlib is missing, so that only
the error about that was tested."""
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
PLOT = HERE.parent.parent / "bench" / "plot.py"
RESULTS = HERE / "plot_test.json"
has_matplotlib = importlib.util.find_spec("matplotlib") is not None


def texts_of(path):
    svg = xml.etree.ElementTree.parse(path)
    return ["".join(x.itertext())
            for x in svg.iter("{http://www.w3.org/2000/svg}text")]


class TestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def plot(self, *arguments, results=RESULTS.read_text(), path=None):
        environment = {**os.environ, **({"PYTHONPATH": path} if path else {})}
        return subprocess.run(
            [sys.executable, PLOT, "--folder", self.folder, *arguments],
            input=results, text=True, capture_output=True, env=environment)

    def names(self):
        return sorted(x.name for x in self.folder.glob("*.svg"))

    def check_failure(self, done, text, status=1):
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(text, done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        self.assertEqual(self.names(), [])


class WithoutMatplotlib(TestCase):
    def test_the_package_is_named(self):
        (self.folder / "matplotlib.py").write_text("raise ImportError")
        self.check_failure(self.plot(path=str(self.folder)),
                           "python3-matplotlib")


@unittest.skipUnless(has_matplotlib, "needs python3-matplotlib")
class WithMatplotlib(TestCase):
    def drawn(self, *arguments):
        done = self.plot(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return {x: texts_of(self.folder / x) for x in self.names()}

    def test_scaling_has_titles_units_and_a_legend(self):
        drawn = self.drawn()
        self.assertEqual(list(drawn), ["scaling-clients.svg",
                                       "scaling-size.svg"])
        texts = drawn["scaling-clients.svg"]
        for text in ("Number of clients", "clients", "1", "4,096", "rows/s",
                     "p99 of the writes", "onewriter, full", "queue, full",
                     "100k", "10 ms"):
            self.assertIn(text, texts)

    def test_only_figures_far_apart_have_a_logarithmic_axis(self):
        drawn = self.drawn()
        logarithmic = {name: [x for x in texts if "log scale" in x]
                       for name, texts in drawn.items()}
        self.assertEqual(logarithmic,
                         {"scaling-clients.svg": [],
                          "scaling-size.svg": ["p99 of the writes, log scale"]})

    def test_latencies_are_drawn_by_workload_and_level(self):
        drawn = self.drawn("--latency")
        self.assertEqual(list(drawn), ["latency-full-64-x-16.svg",
                                       "latency-normal-64-x-16.svg"])
        texts = drawn["latency-full-64-x-16.svg"]
        for text in ("64 x 16, synchronous = full: latency of a write",
                     "percentile of the writes", "latency, log scale",
                     "onewriter", "queue", "90 %", "99 %", "1 ms"):
            self.assertIn(text, texts)

    def test_threads_are_drawn_as_actors_are_but_dashed(self):
        results = json.loads(RESULTS.read_text())
        ours, other = results["series"][:2]
        results["series"] = [ours, {**ours, "backend": "onewriter-threads"},
                             other]
        done = self.plot("--latency", results=json.dumps(results))
        self.assertEqual(done.returncode, 0, done.stderr)
        path = self.folder / "latency-full-64-x-16.svg"
        self.assertIn("onewriter-threads", texts_of(path))
        svg = xml.etree.ElementTree.parse(path)
        styles = [x.get("style", "") for x in svg.iter()]
        dashed = {colour: any(f"stroke: {colour}" in x and "dasharray" in x
                              for x in styles)
                  for colour in ("#0072b2", "#d55e00")}
        self.assertEqual(dashed, {"#0072b2": True, "#d55e00": False})

    def test_the_same_figures_make_the_same_files(self):
        def bytes_of_all():
            self.drawn()
            return [(self.folder / x).read_bytes() for x in self.names()]
        self.assertEqual(bytes_of_all(), bytes_of_all())

    def test_what_cannot_be_drawn_is_an_error(self):
        results = json.loads(RESULTS.read_text())
        del results["scaling"]
        self.check_failure(self.plot(results=json.dumps(results)),
                           "there is nothing to draw")
        self.check_failure(self.plot(results="onewriter-bench: no"),
                           "plot.py: Expecting value")
        self.check_failure(self.plot("/no/such.json"), "/no/such.json", 2)


if __name__ == "__main__":
    result = unittest.main(exit=False).result
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(77 if result.skipped else 0)
