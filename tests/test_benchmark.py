"""The benchmark: that all systems compute the same, what is told when they do not, and how it is measured."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from autograd import Value, grad
from demos.__main__ import main
from demos.benchmark import chart, floats, growing, growth, plain, processes, report, systems, telling, timing, worker
from demos.benchmark.agreement import apart, disagreements
from demos.benchmark.cases import Case
from demos.benchmark.growth import GROWTHS
from demos.benchmark.processes import Failed, Measured, results
from demos.benchmark.systems import SYSTEMS, case_of, is_installed
from demos.benchmark.workloads import WORKLOADS, Workload, data_of, flat, joined, readme_expression

pytestmark = pytest.mark.usefixtures("little_to_collect")  # each loop that is timed collects before

COLUMNS = 100
SMALL = {
    "expression": {},
    "xor": {},
    "mlp": {"sizes": (2, 4, 3, 1), "examples": 10},
    "moons": {"sizes": (2, 5, 1), "examples": 24, "batch": 8},
    "deep moons": {"sizes": (2, 6, 5, 4, 1), "examples": 30, "batch": 10},
    "circles": {"sizes": (2, 4, 3, 1), "examples": 12},
    "mnist, float32": {"sizes": (12, 6, 5, 4), "examples": 24, "batch": 8},
    "mnist, float64": {"sizes": (12, 6, 5, 4), "examples": 24, "batch": 8},
    "chain": {"operations": 1000},
}
"""The same computations on little data: every workload is here."""

QUICK = 0.002
"""Seconds for a round."""


def small(name: str) -> Workload:
    return WORKLOADS[name]._replace(**SMALL[name])


def in_process(system: str, workload: Workload) -> Measured | None:
    """What a worker finds in its first round, without a process."""
    case = case_of(SYSTEMS[system], workload)
    if case is None:
        return None
    found = next(worker.answers(case, iter([str(QUICK)])))
    return Measured((found["seconds"],), tuple(found["losses"]), tuple(found["numbers"]), found["is_single"])


def all_in_process(workload: Workload) -> dict[str, Measured]:
    found = {name: in_process(name, workload) for name, system in SYSTEMS.items() if is_installed(system)}
    return {name: result for name, result in found.items() if result is not None}


@pytest.fixture
def without_heavy_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where nothing optional is installed."""
    monkeypatch.setattr(telling, "is_installed", lambda system: not system.needs)


# ---- what is computed


OVERFLOW = pytest.mark.filterwarnings("ignore:overflow encountered in cast:RuntimeWarning")
"""logsumexp is capped at the largest float64, which is no float32."""


@OVERFLOW
@pytest.mark.parametrize("name", WORKLOADS)
def test_all_systems_compute_the_same_losses_and_numbers(name: str) -> None:
    workload = small(name)
    found = all_in_process(workload)
    assert {"compiled", "eager"} <= found.keys()
    assert {"plain", "tuned"} <= found.keys() or "floats" in found
    assert disagreements(workload, found) == []
    assert all(np.isfinite(result.losses).all() and np.any(result.numbers) for result in found.values())


@OVERFLOW
@pytest.mark.parametrize("name", [name for name, workload in WORKLOADS.items() if workload.optimizer])
def test_a_case_that_is_restarted_computes_the_same_again(name: str) -> None:
    cases = [case_of(system, small(name)) for system in SYSTEMS.values() if is_installed(system)]
    for case in filter(None, cases):
        first = worker.evidence(case)
        losses = [case.run(1) for _ in range(5)]
        again = worker.evidence(case)
        # micrograd has its operands in sets, whose order changes how sums are rounded
        assert [*again["losses"], *again["numbers"]] == pytest.approx([*first["losses"], *first["numbers"]], rel=1e-9)
        assert [case.run(1) for _ in range(5)] == pytest.approx(losses, rel=1e-9)
        assert len(set(losses)) == len(losses), "every iteration moves the parameters, or takes another batch"


@pytest.mark.parametrize("system", ["compiled", "plain", "tuned"])
def test_several_iterations_at_once_are_as_many_one_by_one(system: str) -> None:
    for name in ("xor", "moons", "deep moons", "mnist, float64"):
        case = case_of(SYSTEMS[system], small(name))
        assert case is not None
        case.restart()
        for _ in range(7):
            last = case.run(1)
        numbers = np.array(case.numbers())
        case.restart()
        assert case.run(7) == last
        assert (np.array(case.numbers()) == numbers).all()


@pytest.mark.parametrize("numbers", [(-4.0, 2.0), (3.0, 0.5), (0.5, -3.0), (-1.0, -2.5)])
def test_the_expression_by_hand_has_the_derivatives_of_the_engine(numbers: tuple[float, float]) -> None:
    a, b = map(Value, numbers)
    g = readme_expression(a, b, Value.relu)
    expected = [g.data, *(slope.data for slope in grad(g, [a, b]))]
    assert floats.expression(*numbers) == pytest.approx(expected, rel=1e-12)


def test_data_come_from_seeds_and_weights_are_in_the_order_of_nn() -> None:
    workload = small("moons")
    first, again = data_of(workload), data_of(workload)
    assert all((x == y).all() for x, y in zip(first[:2], again[:2]))
    parts = [part for layer in first.layers for part in (layer[:, :-1], layer[:, -1:])]
    assert (joined(parts) == flat(first.layers)).all()
    assert sorted(np.concatenate(first.places)) == list(range(workload.examples))
    assert data_of(small("mnist, float32")).X.dtype == np.float32


# ---- agreement


def test_a_wrong_derivative_of_a_rival_is_told_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_slope(z: Any, y: Any) -> Any:
        return plain.sigmoid(z).sum() / z.size, (plain.sigmoid(z) - y) / z.size

    workload = small("moons")
    monkeypatch.setattr(plain, "binary", without_slope)
    found = {name: in_process(name, workload) for name in ("plain", "tuned", "compiled")}
    differing = disagreements(workload, found)  # type: ignore[arg-type]
    assert {(wrong.system, wrong.what) for wrong in differing} == {("tuned", "losses"), ("compiled", "losses")}
    assert "of tuned differ from those of plain by" in str(differing[0])


@pytest.mark.parametrize(
    ("losses", "numbers", "what"),
    [
        ((1.0 + 1e-9,), (1.0, 2.0), ["losses"]),
        ((1.0,), (1.0, 2.0 + 1e-6), ["numbers"]),
        ((float("nan"),), (1.0, 2.0), ["losses"]),
        ((1.0 + 1e-12,), (1.0, 2.0 + 1e-10), []),
        ((1.0, 7.0), (1.0, 2.0), []),
    ],
)
def test_what_differs_is_found_and_what_rounds_is_not(losses: Any, numbers: Any, what: list[str]) -> None:
    right = Measured((1.0,), (1.0,), (1.0, 2.0), False)
    found = {"plain": right, "tuned": right._replace(losses=losses, numbers=numbers)}
    assert [wrong.what for wrong in disagreements(small("xor"), found)] == what


def test_other_numbers_of_parameters_are_no_agreement() -> None:
    right = Measured((1.0,), (1.0,), (1.0, 2.0), False)
    found = {"plain": right, "tuned": right._replace(numbers=(1.0,))}
    assert [wrong.what for wrong in disagreements(small("xor"), found)] == ["numbers"]
    assert apart([1.0], [1.0, 5.0]) == float("inf")


# ---- measuring


def test_the_time_of_an_iteration_is_that_of_the_best_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    now, order = [0.0], []

    def run(count: int) -> None:
        order.append(count)
        now[0] += count * (1e-3 if len(order) == 6 else 2e-3)

    monkeypatch.setattr(timing, "perf_counter", lambda: now[0])
    assert timing.best(run, lambda: order.append(0), 1.0) == pytest.approx(1e-3)
    assert order[::2] == [0] * (len(order) // 2), "each loop starts again"
    assert order[-1] * 2e-3 == pytest.approx(0.2, rel=0.1)


def test_an_iteration_longer_than_a_round_is_measured_once() -> None:
    runs = []
    case = Case(lambda count: float(runs.append(count) or 1), lambda: [1.0])
    found = list(worker.answers(case, iter(["0.0", "0.0"])))
    assert [answer["is_single"] for answer in found] == [True, True]
    assert runs == [1]


class Recorded:
    """A process that notes when it is asked."""

    def __init__(self, name: str, order: list[str], is_single: bool = False) -> None:
        self.name, self.order, self.is_single = name, order, is_single

    def answer(self, question: str) -> dict[str, Any] | Failed:
        self.order.append(self.name)
        if self.name == "broken":
            return Failed("it broke")
        return {"seconds": len(self.order), "losses": [1.0], "numbers": [2.0], "is_single": self.is_single}


def test_rounds_go_from_one_process_to_the_next() -> None:
    order: list[str] = []
    made = {name: Recorded(name, order, name == "slow") for name in ("ours", "broken", "slow", "theirs")}
    found = processes._measured(made, rounds=3, budget=0.1)  # type: ignore[arg-type]
    assert order == ["ours", "broken", "slow", "theirs", "ours", "theirs", "ours", "theirs"]
    assert found["broken"] == Failed("it broke")
    assert found["ours"] == Measured((1, 5, 7), (1.0,), (2.0,), False)
    assert found["ours"].median == 5


def test_every_system_has_a_process_and_one_without_the_workload_is_left_out() -> None:
    # a first iteration that takes four times as long as a round would be measured once
    found = results(["compiled", "floats", "plain", "tuned"], small("xor"), rounds=2, budget=100 * QUICK)
    assert list(found) == ["compiled", "plain", "tuned"]
    for result in found.values():
        assert isinstance(result, Measured)
        assert len(result.seconds) == 2
        assert len(result.losses) == worker.ITERATIONS
        assert 0 < min(result.seconds) <= result.median <= max(result.seconds)
    assert disagreements(small("xor"), found) == []


def test_a_process_that_fails_says_why_and_the_others_go_on() -> None:
    workload = small("xor")._replace(optimizer="adam", rate=-1.0)
    found = results(["compiled", "plain"], workload, rounds=1, budget=QUICK)
    assert isinstance(found["compiled"], Failed)
    assert "lr of Adam needs a positive" in found["compiled"].reason
    assert isinstance(found["plain"], Measured)


# ---- how cost grows


@pytest.mark.parametrize("each", GROWTHS, ids=lambda each: each.name)
def test_a_larger_size_has_more_nodes(each: growth.Growth) -> None:
    smaller, larger = (growing.measured(**each.request(size), budget=QUICK) for size in (1, 2))
    assert smaller["nodes"] < larger["nodes"]
    assert all(x[measure] > 0 for x in (smaller, larger) for measure in growth.MEASURES)


def test_a_chain_has_as_many_nodes_as_operations_and_takes_memory() -> None:
    chain = GROWTHS[-1]._replace(sizes=(100, 4_000))
    points = dict(growth.measured(chain))
    assert [point["nodes"] for point in points.values()] == [100, 4_000]  # type: ignore[call-overload]
    if growing.peak_mebibytes() is not None:
        assert points[100]["memory"] < 10  # type: ignore[call-overload]
        assert points[4_000]["memory"] > points[100]["memory"] >= 0  # type: ignore[call-overload]
    lines = growth.table(chain, points).splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["100", "4,000"]


# ---- telling


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (2.345e-7, "0.234 µs"),
        (1.0e-6, "1 µs"),
        (0.99996e-3, "1 ms"),
        (1.234e-4, "123 µs"),
        (0.0421, "42.1 ms"),
        (12.345, "12.3 s"),
        (2871.0, "2,871 s"),
    ],
)
def test_times_have_three_digits_and_their_unit(seconds: float, told: str) -> None:
    assert report.spoken(seconds) == told


def test_a_table_has_the_ratios_to_the_fastest_and_to_plain_numpy() -> None:
    found = {
        "compiled": Measured((2e-6, 1e-6, 3e-6), (1.0,), (1.0,), False),
        "plain": Measured((4e-6,), (1.0,), (1.0,), False),
        "eager": Measured((1.0,), (1.0,), (1.0,), True),
        "tuned": Failed("it broke"),
    }
    title, *lines = report.table(WORKLOADS["mnist, float64"], found).splitlines()
    rows = [line.split("   ") for line in lines]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert title.endswith("float64:")
    assert cells[0] == ["per epoch of 422 steps", "median", "min", "max", "x fastest", "x NumPy"]
    assert cells[1] == ["this engine, compiled", "844 µs", "422 µs", "1.27 ms", "1.00", "0.50"]
    assert cells[3] == ["this engine, eager", "*422 s", "422 s", "422 s", "500,000", "250,000"]
    assert cells[4] == ["NumPy by hand, tuned: failed"]


def told(folder: Path) -> Iterator[str]:
    growths = [GROWTHS[-1]._replace(sizes=(10,))]
    return telling.told(folder, {"xor": small("xor")}, growths, rounds=2, budget=QUICK)


@pytest.mark.usefixtures("without_heavy_systems")
def test_the_benchmark_tells_tables_saves_charts_and_says_what_is_absent(tmp_path: Path) -> None:
    texts = list(told(tmp_path))
    lines = "\n".join(texts).splitlines()
    assert [line for line in lines if len(line) > COLUMNS and str(tmp_path) not in line] == []
    assert "micrograd is not installed: pip install 'cadena-autograd[benchmark]'" in texts[1]
    assert "PyTorch is not installed: pip install torch" in texts[1]
    assert texts[-1].startswith("All systems agree")
    for name in ("benchmark", "growth"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        ElementTree.parse(tmp_path / f"{name}.svg")


@pytest.mark.usefixtures("without_heavy_systems")
def test_a_disagreement_is_told_at_once_and_ends_the_command_with_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = Measured((1.0,), (1.0,), (1.0,), False)
    spoilt = {"compiled": right._replace(losses=(1.1,)), "plain": right, "tuned": Failed("it broke")}
    monkeypatch.setattr(telling, "results", lambda *_: spoilt)
    monkeypatch.setattr("demos.benchmark.story", lambda folder: telling.told(folder, {"xor": small("xor")}, growths=()))
    assert main(["benchmark", "--output", str(tmp_path)]) == 1
    for text in (" ".join(stream.split()) for stream in capsys.readouterr()):
        assert "the losses of compiled differ from those of plain by 1.0e-01, and 1e-10 is allowed" in text
        assert "NumPy by hand, tuned failed: it broke" in text
        assert "All systems agree" not in text


@pytest.mark.usefixtures("without_heavy_systems")
def test_without_matplotlib_the_tables_are_told_all_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr(telling, "results", lambda *_: {"plain": Measured((1.0,), (1.0,), (1.0,), False)})
    texts = [" ".join(text.split()) for text in telling.told(tmp_path, {"xor": small("xor")}, growths=())]
    assert any("not drawn" in text and "pip install 'cadena-autograd[demos]'" in text for text in texts)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(telling, "results", lambda *_: pytest.fail("it was measured"))
    occupied = tmp_path / "occupied"
    occupied.write_text("a file")
    assert main(["benchmark", "--output", str(occupied)]) == 1
    assert "can't be written" in capsys.readouterr().err


def test_the_chart_has_a_panel_for_each_workload_and_a_bar_for_each_system() -> None:
    pytest.importorskip("matplotlib")
    result = Measured((1e-3, 2e-3, 4e-3), (1.0,), (1.0,), False)
    names = ["compiled", "plain", "tuned"]
    figure = chart.chart({name: dict.fromkeys(names, result) for name in WORKLOADS}, WORKLOADS)
    panels = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_title() for axes in panels] == [x.about for x in WORKLOADS.values()]
    assert all(len(axes.patches) == len(names) and axes.get_xscale() == "log" for axes in panels)
    labels = [text.get_text() for text in panels[0].get_yticklabels()]
    assert labels == [SYSTEMS[name].name for name in names]


def test_a_worker_is_given_its_workload_as_json() -> None:
    for workload in WORKLOADS.values():
        settings = json.loads(json.dumps(workload._asdict()))
        assert Workload(**{**settings, "sizes": tuple(settings["sizes"])}) == workload
    assert systems.SYSTEMS["plain"].needs == ""
