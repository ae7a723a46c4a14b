"""The tests see mistakes: a handful here, all of them by `python -m tests.planted_mistakes`; and none is forgotten."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from autograd import PRIMITIVES
from autograd.namespaces import FUNCTIONS
from nn.losses.registry import LOSSES
from nn.models.activations import ACTIVATIONS, LAYER_ACTIVATIONS
from nn.models.initializers import INITIALIZERS
from nn.optimization.rules import OPTIMIZERS
from nn.optimization.schedules import SCHEDULES
from nn.regularizers import Regularizer
from tests import planted_mistakes
from tests.edits import edits, terms
from tests.planted_by_hand import ROWS
from tests.planted_equivalents import EQUIVALENT
from tests.planted_kinds import KINDS, every_mistake, mistakes
from tests.planting import MISSED, ROOT, Verdict, with_mistake

ALL = list(mistakes())

HANDFUL = ("tanh: partial 0 · 1.001", "identity: twice z")


def places(kind: str) -> set[str]:
    """The names of the rows, functions and methods in which the mistakes of a kind are."""
    return {mistake.place.partition(" ")[2] for mistake in ALL if mistake.kind == kind}


def test_every_kind_has_mistakes_and_no_two_are_the_same() -> None:
    assert {mistake.kind for mistake in ALL} == set(KINDS)
    assert len({(mistake.file, mistake.start, mistake.end, mistake.wrong) for mistake in ALL}) == len(ALL)


def test_every_partial_of_every_row_has_its_mistakes() -> None:
    named = {(mistake.place, mistake.name.partition(" ·")[0]) for mistake in ALL if mistake.kind == "partials"}
    for name, row in PRIMITIVES.items():
        for place in range(len(row.partials)):
            ways = {f"partial {place}", f"partial {place} is 1 instead of 0"}
            assert any((f"primitives.py {name}", way) in named for way in ways), (name, place)


def test_every_rule_and_schedule_has_its_mistakes() -> None:
    own = {name for name, kind in OPTIMIZERS.items() if f"{kind.__name__}.rule" not in places("updates")}
    assert own == set()
    told = {mistake.name.partition(":")[0] for mistake in ALL} | {
        place.partition(".")[0] for place in places("updates")
    }
    assert set(SCHEDULES) <= told
    assert {"clipped_to_norm", "clipped_to_value", "joint_norm"} <= places("updates")


def test_every_loss_regularizer_initializer_and_activation_has_its_mistakes() -> None:
    shared = {"binary_crossentropy_from_logits": "binary_from_logits", "sse": "_squares"}
    shared["categorical_crossentropy_from_logits"] = "categorical_from_logits.term"
    heads = {place.partition(".")[0] for place in places("losses")} | places("losses")
    assert {name for name in LOSSES if shared.get(name, name) not in heads} == set()
    told = {mistake.name.partition(":")[0] for mistake in ALL if mistake.kind == "models"}
    heads = {place.partition(".")[0] for place in places("models")} | told
    assert {kind.__name__ for kind in Regularizer.__subclasses__() if kind.__module__ == "nn.regularizers"} <= heads
    assert {function.__name__ for function in INITIALIZERS.values()} <= heads
    assert {*ACTIVATIONS, *LAYER_ACTIVATIONS} <= heads | set(PRIMITIVES) | places("derivatives")


def test_every_function_that_the_page_computes_with_has_its_mistake() -> None:
    assert set(FUNCTIONS) <= places("page")


def test_every_mistake_asks_tests_that_there_are() -> None:
    files = {test for mistake in ALL for test in mistake.tests if test.endswith(".py")}
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_every_mistake_that_was_written_by_hand_is_python() -> None:
    for mistake in ALL:
        if mistake.file.endswith(".py") and mistake.name in {row.name for row in ROWS}:
            ast.parse(with_mistake(mistake, (ROOT / mistake.file).read_text(encoding="utf-8")))


def test_no_equivalent_mistake_is_gone() -> None:
    found = {(mistake.place, mistake.name) for mistake in every_mistake()}
    assert sorted(set(EQUIVALENT) - found) == []
    assert all(EQUIVALENT.values())


def test_a_piece_of_syntax_is_found_behind_letters_of_any_width() -> None:
    text = "def f(σ):\n    return 'ŷ∂', σ + 1\n"
    wrong = [text[: edit.start] + edit.wrong + text[edit.end :] for edit in edits(text, terms)]
    assert [line.splitlines()[1] for line in wrong] == [
        "    return 'ŷ∂', (σ)",
        "    return 'ŷ∂', (1)",
    ]


def test_errors_texts_and_annotations_are_left_alone() -> None:
    text = "def f(x: 'a + b' = 1) -> 'a + b':\n    'a + b'\n    raise ValueError(x + 1)\n"
    assert list(edits(text, terms)) == []


def test_the_table_tells_what_was_missed_and_the_command_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(planted_mistakes, "failing", lambda chosen, folder: "")
    found = [Verdict("tests/test_x.py::test_y", 0.5), *[Verdict(MISSED, 0.5)] * 9]
    monkeypatch.setattr(planted_mistakes, "verdicts", lambda chosen, folder, processes: iter(found))
    assert planted_mistakes.main(["--kind", "partials", "--only", "tanh: partial 0 is"]) == 1
    told = capsys.readouterr().out
    assert "tanh | partial 0 is 0 | primitives -k tanh | test_x.py::test_y | 0.5 s" in told
    assert "| MISSED | 0.5 s" in told
    assert "1 caught" in told


def test_a_command_that_plants_nothing_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert planted_mistakes.main(["--only", "no such mistake"]) == 1
    assert "no test is asked" in capsys.readouterr().out


def test_planted_mistakes_are_caught_in_a_copy() -> None:
    before = {file: (ROOT / file).read_bytes() for file in {mistake.file for mistake in ALL}}
    only = [f"--only={name}" for name in HANDFUL]
    command = [sys.executable, "-m", "tests.planted_mistakes", *only]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    assert run.stdout.count("| test_") == len(HANDFUL)
    assert {file: (ROOT / file).read_bytes() for file in before} == before
