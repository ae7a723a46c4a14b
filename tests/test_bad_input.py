"""Bad input gives the error of the table, word for word, and changes nothing; so do the answers that are numbers."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import autograd
import nn
from autograd import Value
from autograd.value import adjoints
from tests.bad_input import CASES, as_promised, main
from tests.bad_worlds import Case, Outcome, World, interrupted, interrupted_anywhere, interrupting, needs_timer, tried

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each_case
def test_a_case_gives_what_the_table_says_and_changes_nothing(case: Case, tmp_path: Path) -> None:
    trial = tried(case, tmp_path)
    assert trial.outcome == Outcome(case.error, case.message)
    assert trial.changed == []


def test_there_are_many_cases_and_each_has_a_name_of_its_own() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)


# ---- the table can fail


def spoil_a_number(w: World) -> None:
    w.alone.data = 8.0


def spoil_a_gradient(w: World) -> None:
    w.layer.parameters()[0].grad = 1.0


def spoil_a_label(w: World) -> None:
    w.inner.label = "other"


def spoil_what_is_stale(w: World) -> None:
    w.old.refresh()


def spoil_an_optimizer(w: World) -> None:
    w.optimizer.load_state_dict(nn.Adam(w.model.parameters()).state_dict())


def spoil_a_file(w: World) -> None:
    (w.folder / "page.html").write_text("new")


def leave_a_file(w: World) -> None:
    (w.folder / ".1234.part").write_text("")


def spoil_the_data(w: World) -> None:
    w.X[0, 0] = 9.0


def spoil_a_program(w: World) -> None:
    w.program.parameters[0] = 9.0


def add_a_primitive(w: World) -> None:
    autograd.primitive("twice", lambda xp, x: 2 * x, [lambda xp, x, out: 2])


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_a_number,
        spoil_a_gradient,
        spoil_a_label,
        spoil_what_is_stale,
        spoil_an_optimizer,
        spoil_a_file,
        leave_a_file,
        spoil_the_data,
        spoil_a_program,
        add_a_primitive,
    ],
)
def test_what_a_call_changes_is_seen(spoil: object, tmp_path: Path) -> None:
    case = Case("spoils", spoil, None, "None")  # type: ignore[arg-type]
    trial = tried(case, tmp_path)
    assert trial.outcome == Outcome(None, "None")
    assert trial.changed
    assert not as_promised(case, trial)


def test_the_command_prints_every_case_and_their_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = [Case("a good one", lambda w: Value(2.0).data, None, "2.0"), Case("a bad one", lambda w: 1, TypeError, "no")]
    monkeypatch.setattr("tests.bad_input.CASES", few[:1])
    assert main() == 0
    assert capsys.readouterr().out == "a good one\n    gives: 2.0\n\n1 cases, 1 as the table says, 0 different\n"
    monkeypatch.setattr("tests.bad_input.CASES", few)
    assert main() == 1
    assert "DIFFERENT from TypeError: no; changed: nothing\n\n2 cases, 1 as" in capsys.readouterr().out


# ---- what is interrupted and keeps what was whole


def test_ctrl_c_in_a_callback_keeps_the_epoch_that_was_done(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    stopped, whole = World(tmp_path / "a"), World(tmp_path / "b")
    for world, callbacks in ((stopped, interrupting), (whole, ())):
        try:
            nn.fit(
                world.model, world.X, world.Y, loss="mse", optimizer=world.optimizer, epochs=1, seed=1,
                callbacks=callbacks, progress=False,
            )  # fmt: skip
        except KeyboardInterrupt:
            assert world is stopped
    assert stopped.state() == whole.state()
    assert stopped.optimizer.steps == 2


def infinite(predictions: Any, targets: Any) -> Value:
    return nn.mse(predictions, targets) * math.inf


@pytest.mark.parametrize(("failing", "error"), [(interrupting, KeyboardInterrupt), (infinite, nn.TrainingDiverged)])
def test_an_error_in_the_middle_of_an_epoch_undoes_it_but_for_the_gradients(
    tmp_path: Path, failing: Callable[[Any, Any], Value], error: type[BaseException]
) -> None:
    world, calls = World(tmp_path), count()

    def loss(predictions: Any, targets: Any) -> Value:
        return nn.mse(predictions, targets) if next(calls) < 2 else failing(predictions, targets)

    parameters = world.model.parameters()
    data, gradients = [[p.data for p in parameters], [p.grad for p in parameters]]
    before = world.state()
    with pytest.raises(error):
        nn.fit(world.model, world.X, world.Y, loss=loss, optimizer=world.optimizer, batch_size=1, progress=False)
    after = world.state()
    assert [p.data for p in parameters] == data
    assert [p.grad for p in parameters] != gradients  # of a step that was taken
    assert [after[name] for name in ("optimizer", "rate", "training")] == [
        before[name] for name in ("optimizer", "rate", "training")
    ]


def test_backward_goes_on_as_usual_after_an_interrupt(tmp_path: Path) -> None:
    world = World(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        interrupted("cos", world.trap.backward)
    autograd.zero_grad(autograd.topological_order(world.trap))
    world.trap.backward()
    expected = adjoints(world.trap)
    assert {node: node.grad for node in expected} == expected


@needs_timer
@pytest.mark.parametrize("kind", [nn.SGD, nn.Adam])
def test_a_step_that_ctrl_c_interrupts_was_taken_or_was_not(kind: Callable[..., nn.Optimizer]) -> None:
    parameters = [Value(0.0) for _ in range(40)]
    optimizer = kind(parameters, lr=1.0)
    for parameter in parameters:
        parameter.grad = -1.0
    for _ in interrupted_anywhere(optimizer.step):
        assert len({parameter.data for parameter in parameters}) == 1
        assert parameters[0].data == pytest.approx(optimizer.steps)


@needs_timer
def test_a_ctrl_c_that_is_swallowed_is_told() -> None:
    def swallow() -> None:
        with suppress(KeyboardInterrupt):
            time.sleep(0.01)

    with pytest.raises(pytest.fail.Exception, match="no KeyboardInterrupt"):
        for _ in interrupted_anywhere(swallow):
            pass
