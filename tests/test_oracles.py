"""The oracles side by side: they agree, the table tells all, and a mistake in any of them shows with its graph."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograd import PRIMITIVES
from autograd.strategies.recipes import Recipe, Step
from tests import oracles, torch_graphs
from tests.oracles import FIRST, ORACLES, SECOND, Found, above, found, lines
from tests.profiles import is_thorough
from tests.specimens import Specimen, in_units, specimen

ROOT = Path(__file__).parent.parent

FEW, MANY = 100, 100_000
"""The graphs of the two profiles of hypothesis."""


def test_the_oracles_agree_on_all_graphs_of_the_profile() -> None:
    findings = found(MANY, seed=0, processes=2) if is_thorough() else found(FEW, seed=2)
    assert not above(findings), "\n".join(lines(findings, seed=0 if is_thorough() else 2))


def test_every_oracle_says_something() -> None:
    findings = found(30, seed=4)
    silent = {name for (_, name), row in findings.items() if not row.graphs}
    assert silent == (set() if torch_graphs.INSTALLED else {"PyTorch"})
    assert {key[1]: row.graphs for key, row in findings.items()}["exact fractions"] == 6


def test_the_number_of_processes_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracles, "CHUNK", 4)
    assert found(10, seed=5, processes=2) == found(10, seed=5)


def test_a_graph_is_known_by_its_number_alone() -> None:
    assert specimen(17, 3).recipe == specimen(17, 3).recipe
    assert len({specimen(number, seed).recipe for number in range(5) for seed in range(5)}) == 25


def test_the_script_prints_every_oracle_and_the_worst_graphs(capsys: pytest.CaptureFixture[str]) -> None:
    assert oracles.main(["--graphs", "10", "--seed", "3", "--processes", "1"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in (*FIRST, *SECOND))
    worst = next(line for line in printed.splitlines() if line.startswith("graph "))
    number = int(worst.split(",")[0].removeprefix("graph "))
    program = [f"    {line}" for line in repr(specimen(number, 3).recipe).splitlines()]
    assert "\n".join(program) in printed


def test_the_command_runs() -> None:
    command = [sys.executable, "-m", "tests.oracles", "--graphs", "4", "--processes", "2"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("4 graphs, seed 0")


@pytest.mark.parametrize("key", ORACLES, ids=" ".join)
def test_a_mistake_in_one_oracle_shows_in_its_row_alone(
    key: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = ORACLES[key]._replace(say=lambda graph: [0.5 * (graph.number == 7)], every=1)
    monkeypatch.setattr(oracles, "ORACLES", {("first", "backward"): FIRST["backward"], key: wrong})
    assert oracles.main(["--graphs", "9", "--processes", "1"]) == 1
    above_it = [line.split() for line in capsys.readouterr().out.splitlines() if line.endswith("ABOVE")]
    assert [(line[0], *line[-2:]) for line in above_it] == [(key[0], "7", "ABOVE")]


@pytest.mark.usefixtures("rows_anew")
@pytest.mark.parametrize("name", ["multiply", "sin", "tanh", "divide"])
def test_a_mistake_in_a_partial_shows_in_the_oracles_that_do_not_read_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = PRIMITIVES[name]
    right = row.partials[0]
    monkeypatch.setattr(row, "partials", (lambda *operands: 1.001 * right(*operands), *row.partials[1:]))
    findings = found(60, seed=0)
    wrong = set(above(findings))
    assert wrong >= {("first", "complex step"), ("first", "central differences"), ("first", "the scale itself")}
    for key in (key for key in wrong if key[0] == "first"):  # the graphs of derivatives multiply and divide anyway
        assert name in {step.name for step in specimen(findings[key].number, 0).recipe.steps}


def test_a_nan_disagrees_with_everything() -> None:
    assert in_units([1.0, 2.0], [math.nan, 2.0], [1.0, 1.0]) == [math.inf, 0.0]


def test_an_oracle_that_raises_names_the_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> Iterator[float]:
        raise ZeroDivisionError

    monkeypatch.setitem(ORACLES, ("first", "backward"), oracles.Oracle(broken, 0.0))
    with pytest.raises(RuntimeError, match=r"graph 0 of seed 6 cannot be differentiated:\nx0 = Value"):
        found(1, seed=6)


def test_merging_keeps_the_worst_and_of_equals_the_first() -> None:
    rows = [Found(1, 0.5, 9), Found(1, 0.5, 4), Found(1, 0.25, 1), Found()]
    assert rows[0].merged(rows[1]).merged(rows[2]).merged(rows[3]) == Found(3, 0.5, 4)


def test_differences_say_nothing_across_a_kink_and_fractions_nothing_of_what_is_not_rational() -> None:
    kinked = Recipe((0.3,), (Step("subtract", (0, 0.3000001)), Step("absolute", (1,))))
    graph = Specimen(0, kinked, rational=False)
    silent = (oracles.central, oracles.second_central, oracles.fractions, oracles.second_fractions)
    assert [say(graph) for say in silent] == [None] * 4
    assert max(oracles.complex_step(graph)) == 0.0


def test_an_exponent_that_varies_is_not_rational_and_0_to_it_is_a_border() -> None:
    varied = Recipe((1.0, 2.0), (Step("power", (0, 1)),))
    at_zero = Recipe((1.0, 2.0), (Step("subtract", (0, 1.0)), Step("power", (2, 1))))
    constant = Recipe((1.0,), (Step("subtract", (0, 1.0)), Step("power", (1, 2.0))))
    graphs = [Specimen(0, recipe, rational=True) for recipe in (varied, at_zero, constant)]
    assert [graph.rational for graph in graphs] == [False, False, True]
    assert [graph.on_a_border for graph in graphs] == [False, True, False]
    assert oracles.second_pytorch(graphs[1]) is None
