"""`fit` that Ctrl-C interrupts at any moment: all is that of a whole epoch, and modes and handlers are as before."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value
from nn import Dropout, EarlyStopping, Layer, Momentum, Optimizer, Sequential, TrainingDiverged, fit, predict
from nn.models.modes import Mode
from nn.training.interruption import Interruption
from nn.training.snapshots import Snapshot
from tests.bad_worlds import interrupted_anywhere, interrupting, needs_timer, pressed_twice

whole_from_311 = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="Ctrl-C comes between any two operations there, not after calls"
)

TIMES = 300

TRAINING: dict[str, Any] = {
    "X": [[1.0]] * 4,
    "Y": [1.0] * 4,
    "epochs": 3,
    "batch_size": 2,
    "progress": False,
    "early_stopping": EarlyStopping(9, monitor="loss", larger_is_better=True),
}
"""Two steps are an epoch, and the best epoch is the first one, since the loss falls."""

VALIDATION = ([[1.0]], [1.0])


class Falling:
    """A model y = w · x after any number of steps of Momentum down the slope 1, with a Dropout that leaves out none."""

    def __init__(self) -> None:
        self.dropout = Dropout(0.0, seed=0)
        self.model = Sequential(Layer(1, 1, "identity", bias=False, seed=0), self.dropout)
        (self.w,) = self.model.parameters()
        self.w.data = 0.0
        self.optimizer = Momentum([self.w], lr=0.25, momentum=0.5)

    def fit(self, loss: Any = None, **given: Any) -> None:
        fit(self.model, loss=loss or height, optimizer=self.optimizer, **{**TRAINING, **given})

    def state(self) -> tuple[float, float, int, int]:
        state = self.optimizer.state_dict()
        return self.w.data, float(state["moments"]["v"][0]), int(state["counts"][0]), state["steps"]

    def expected(self) -> tuple[float, float, int, int]:
        """What `state` is after as many steps as the optimizer says."""
        w, v, steps = 0.0, 0.0, self.optimizer.steps
        for _ in range(steps):
            v = 0.5 * v + 1.0
            w -= 0.25 * v
        return w, v, steps, steps


def height(predictions: Any, targets: Any) -> Value:
    return sum(predictions) / len(predictions)


def assert_all_is_as_before(falling: Falling) -> None:
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert [falling.model.training, *(child.training for child in falling.model.children())] == [False] * 3
    assert "factors" not in vars(falling.dropout)


def assert_interrupted(falling: Falling, steps: int, **given: Any) -> None:
    """A training is interrupted, and what is left is whole and that of so many steps."""
    with pytest.raises(KeyboardInterrupt):
        falling.fit(**given)
    assert_all_is_as_before(falling)
    assert falling.optimizer.steps == steps
    assert falling.state() == falling.expected()


def interrupt_once(
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    press: Any = interrupting,
    skip: int = 0,
    after: bool = False,
) -> list[Any]:
    """Ctrl-C comes as one call of a method begins, or ends; gives the calls, of which some are skipped."""
    calls: list[Any] = []
    method: Callable[..., Any] = getattr(owner, name)

    def called(*given: Any, **named: Any) -> Any:
        calls.append(given)
        if len(calls) == skip + 1 and not after:
            press(signal.SIGINT, None)
        result = method(*given, **named)
        if len(calls) == skip + 1 and after:
            press(signal.SIGINT, None)
        return result

    monkeypatch.setattr(owner, name, called)
    return calls


# ---- at any moment


@whole_from_311
@needs_timer
@pytest.mark.parametrize("press", [signal.default_int_handler, pressed_twice])
@pytest.mark.parametrize("validation", [None, VALIDATION])
def test_fit_is_that_of_a_whole_epoch_after_ctrl_c_at_any_moment(press: Any, validation: Any) -> None:
    falling = Falling()
    falling.fit(validation=validation)  # what is imported on the way is not to be interrupted
    assert falling.optimizer.steps == 2
    for _ in interrupted_anywhere(lambda: falling.fit(validation=validation), TIMES, 3e-3, press):
        assert_all_is_as_before(falling)
        assert falling.state() == falling.expected()
        assert falling.optimizer.steps % 2 == 0


@whole_from_311
@needs_timer
def test_compiled_steps_are_those_of_whole_epochs_after_ctrl_c_at_any_moment() -> None:
    falling, twin = Falling(), Falling()
    falling.fit("mse", compiled=True, validation=VALIDATION)
    for _ in interrupted_anywhere(lambda: falling.fit("mse", compiled=True, validation=VALIDATION), TIMES, 1.5e-2):
        assert_all_is_as_before(falling)
        while twin.optimizer.steps < falling.optimizer.steps:
            twin.fit("mse", compiled=True, epochs=1, early_stopping=None)
        assert falling.state() == twin.state()


@whole_from_311
@needs_timer
def test_a_state_is_loaded_or_is_not_after_ctrl_c_at_any_moment() -> None:
    falling = Falling()
    states = [falling.optimizer.state_dict()]
    falling.fit()
    states.append({**falling.optimizer.state_dict(), "lr": 0.5})

    def load() -> None:
        for state in states:
            falling.optimizer.load_state_dict(state)

    load()  # so that the first interruption, too, finds one of the states
    for _ in interrupted_anywhere(load, TIMES):
        _, v, count, steps = falling.state()
        assert (v, count, steps, falling.optimizer.lr) in {(0.0, 0, 0, 0.25), (1.5, 2, 2, 0.5)}


@pytest.mark.parametrize("compiled", [True, False])
def test_what_was_learnt_before_a_first_ctrl_c_is_kept(compiled: bool) -> None:
    falling = Falling()
    asked = set()

    def rate(steps: int) -> float:
        if steps == 1 and steps not in asked:
            asked.add(steps)
            signal.raise_signal(signal.SIGINT)
        return 0.25

    falling.optimizer.lr = rate
    history = fit(
        falling.model, **{**TRAINING, "batch_size": 1}, loss="mse", optimizer=falling.optimizer, compiled=compiled
    )
    assert history.stopped == "interrupted in epoch 1, after 2 of 4 steps"
    assert_all_is_as_before(falling)
    twin = Falling()
    for _ in range(falling.optimizer.steps):
        twin.optimizer.zero_grad()
        ((twin.w - 1.0) ** 2).backward()
        twin.optimizer.step()
    assert falling.w.data == pytest.approx(twin.w.data, rel=1e-12)


# ---- at the moments that are rarest


@pytest.mark.parametrize(("owner", "name"), [(Snapshot, "restore"), (Optimizer, "load_state_dict")])
@pytest.mark.parametrize("press", [interrupting, pressed_twice])
@pytest.mark.parametrize("after", [False, True])
def test_the_best_epoch_is_restored_wholly(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, press: Any, after: bool
) -> None:
    interrupt_once(monkeypatch, owner, name, press, after=after)
    assert_interrupted(Falling(), steps=2)


def test_ctrl_c_that_comes_again_and_again_leaves_no_half(monkeypatch: pytest.MonkeyPatch) -> None:
    def loss(predictions: Any, targets: Any) -> Any:
        if falling.optimizer.steps == 3:
            pressed_twice(signal.SIGINT, None)
        return height(predictions, targets)

    falling = Falling()
    for name in ("load_state_dict", "state_dict"):
        interrupt_once(monkeypatch, Optimizer, name, pressed_twice, skip=9)
    calls = interrupt_once(monkeypatch, Snapshot, "restore", pressed_twice)
    ends = interrupt_once(monkeypatch, Interruption, "end", pressed_twice, skip=1)
    assert_interrupted(falling, steps=2, loss=loss)
    assert (len(calls), len(ends)) == (1, 2)


def test_a_divergence_that_ctrl_c_interrupts_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    def loss(predictions: Any, targets: Any) -> Any:
        return height(predictions, targets) * (float("inf") if falling.optimizer.steps == 3 else 1.0)

    for place in ("diagnose", "TrainingDiverged"):
        falling = Falling()
        with monkeypatch.context() as patch:
            patch.setattr(f"nn.training.fitting.{place}", interrupting)
            assert_interrupted(falling, steps=2, loss=loss)
    falling = Falling()
    with pytest.raises(TrainingDiverged):
        falling.fit(loss)
    assert falling.state() == falling.expected()
    assert falling.optimizer.steps == 2


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("owner", "name"), [(Interruption, "begin"), (Interruption, "end"), (Mode, "__exit__")])
def test_modes_and_the_handler_are_as_before_where_their_own_ends_are_interrupted(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, after: bool
) -> None:
    falling = Falling()
    wanted = 2 if name == "end" else 0  # the others come before the first epoch is done
    skip = 1 if owner is Mode else 0  # the model is tried once before anything is taught
    interrupt_once(monkeypatch, owner, name, interrupting, skip, after)
    assert_interrupted(falling, wanted, validation=VALIDATION)


def test_the_modes_that_are_restored_are_all_written_at_once() -> None:
    model = Sequential(*(Layer(1, 1, seed=0) for _ in range(3)), Dropout(0.5)).eval()
    model.layers[1].train()
    parts = [model, *model.children(), *model.layers[1].children()]
    before = [part.training for part in parts]
    mode = Mode(model, training=True)
    assert [part.training for part in parts] == before
    mode.begin()
    assert [part.training for part in parts] == [True] * len(parts)
    mode.restore()
    assert [part.training for part in parts] == before


@whole_from_311
@needs_timer
def test_a_mode_that_is_not_entered_is_not_begun() -> None:
    model = Sequential(Layer(1, 1, seed=0), Dropout(0.5))

    def enter() -> None:
        mode = Mode(model, training=True)
        try:
            mode.__enter__()
        except BaseException:
            assert not model.training
            raise
        mode.restore()

    for _ in interrupted_anywhere(enter, TIMES):
        model.eval()


def test_a_dropout_draws_again_after_a_recording_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    falling = Falling()
    with monkeypatch.context() as patch:
        patch.setattr("nn.training.programs._outputs", interrupting)
        assert_interrupted(falling, 0, loss="mse", compiled=True)
    assert predict(falling.model, [[2.0]]).tolist() == [0.0]
