"""Document 002, section 3.3: forward propagation by sums, by matrices and by the network, and what bends a line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograd.comparison import AGREES, WRONG
from demos.document_002 import forward, grids
from demos.document_002.shapes import sized
from demos.pieces import Chart, Shape, Shapes
from nn import MLP
from tests.stories import Briefly, words


def verdicts() -> list[str]:
    return [row.verdict for piece in forward.story(brief=True) if isinstance(piece, Shapes) for row in piece.rows]


def test_sums_matrices_and_the_network_give_the_same_numbers() -> None:
    model = forward.small("identity")
    found = forward.matrices(model, forward.X)
    by_hand = [1 * 0.5 - 2 * 1.0, 0.25 + 2 * 0.75, -1.5 + 2 * 1.0]
    expected = [*by_hand, 2 * by_hand[0] - by_hand[1] + 0.5 * by_hand[2]]
    assert forward.by_hand().numbers == expected
    assert [*found["Z1"][0], *found["Z2"][0]] == expected
    assert [*(h.data for h in model.outputs(forward.X)[0]), model(forward.X).data] == expected


def test_the_four_steps_give_what_the_network_gives() -> None:
    model = forward.small("sigmoid")
    found = forward.matrices(model, forward.X)
    assert found["a2"][0, 0] == model(forward.X).data
    assert found["a1"] == pytest.approx(1 / (1 + np.exp(-found["Z1"])))
    assert found["a2"] == pytest.approx(1 / (1 + np.exp(-(found["a1"] @ found["W2"]))))


def test_every_printed_shape_agrees() -> None:
    assert verdicts() == [AGREES] * (len(forward.PRINTED_SMALL) + len(forward.PRINTED_STEPS))


def test_another_printed_shape_is_found_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(forward.PRINTED_STEPS, "W2, step 3", "3×5")
    assert verdicts().count(WRONG) == 1


def test_shapes_are_read_off_the_arrays() -> None:
    rows = sized({"W, the weights": "2×5", "W": "2×4"}, {"W": np.zeros((2, 4))})
    assert rows == [Shape("W, the weights", "2×5", "2×4", WRONG), Shape("W", "2×4", "2×4", AGREES)]
    with pytest.raises(KeyError):
        sized({"V": "1×1"}, {"W": np.zeros((1, 1))})
    with pytest.raises(ValueError, match="not enough values"):
        sized({"V": "1×1"}, {"V": np.zeros(3)})


def test_only_the_activation_bends_and_only_a_bias_moves_the_origin() -> None:
    for transform in grids.transforms():
        assert transform.is_bent == (transform.name == "with tanh")
        assert bool(np.any(transform.origin)) == (transform.name == "with bias")


@pytest.mark.parametrize(
    ("name", "angle", "determinant"),
    [("rotation", 90, 1), ("scaling", 90, 0.75), ("shear", 45, 1), ("reflection", 90, -1)],
)
def test_a_matrix_turns_stretches_shears_or_reflects(name: str, angle: float, determinant: float) -> None:
    (transform,) = (each for each in grids.transforms() if each.name == name)
    assert (transform.angle, transform.determinant) == pytest.approx((angle, determinant))
    start = grids._grid()
    assert transform.lines == pytest.approx(start @ np.array(grids.MATRICES[name]).T)


@pytest.mark.parametrize("name", ["rotation", "scaling", "shear"])
def test_every_map_that_turns_nothing_over_is_a_turn_a_scaling_and_a_turn(name: str) -> None:
    (transform,) = (each for each in grids.transforms() if each.name == name)
    first, scaling, last = np.linalg.svd(np.array(grids.MATRICES[name]))
    assert transform.factors == pytest.approx(tuple(scaling))
    if np.linalg.det(first) < 0:
        first, last = first @ np.diag([1, -1]), np.diag([1, -1]) @ last
    assert (np.linalg.det(first), np.linalg.det(last)) == pytest.approx((1, 1))
    assert first @ np.diag(transform.factors) @ last == pytest.approx(np.array(grids.MATRICES[name]))


def test_inputs_and_weights_of_the_sums_are_told(briefly: Briefly) -> None:
    text = briefly("forward").text
    assert "Here (x1 x2) = (1 2)" in text
    assert "the column (w7 w8 w9), is (2 -1 0.5)" in text
    assert "With the same X, W and W2, for (x1 x2) = (1 2)" in text


def test_the_bend_of_a_circle_is_seen() -> None:
    lines = grids._grid()
    bent = lines + np.where(np.arange(grids.POINTS) == grids.POINTS // 2, 0.3, 0.0)[None, :, None] * [1, 0]
    transform = grids.transforms()[0]._replace(lines=bent)
    assert transform.bend == pytest.approx(0.3)


def test_what_is_wrong_is_computed(tmp_path: Path, briefly: Briefly, monkeypatch: pytest.MonkeyPatch) -> None:
    text = briefly("forward").text
    assert "keep the axes at 90°: it brings them to 45°" in text
    assert "a scaling by 1.618 and 0.618" in text
    assert "The reflection has -1: it turns the plane over" in text
    assert "f(1 + 4) = 13, but f(1) + f(4) = 16" in text
    assert "(X·W)·W2 = -4.5 and X·(W·W2) = -4.5 are the same" in text
    monkeypatch.setitem(grids.MATRICES, "shear", [[1.0, 0.0], [0.0, 1.0]])
    assert "it brings them to 90°" in words(forward.story(brief=True), tmp_path)


def test_the_sigmoid_is_drawn_with_the_letter_of_the_story() -> None:
    pytest.importorskip("matplotlib")
    pieces = forward.story(brief=True)
    (chart,) = (piece for piece in pieces if isinstance(piece, Chart) and piece.name == "forward-figure-19")
    (axes,) = chart.draw().axes
    assert [name.get_text() for name in axes.texts] == ["f(z)", "f′(z)"]
    assert axes.get_xlabel() == "z"


def test_the_story_has_the_figures_of_the_document(gallery: Path) -> None:
    names = {path.stem for path in (gallery / "pictures").iterdir()}
    assert names >= {f"forward-figure-{figure}" for figure in (*range(13, 22), 23)}


def test_the_network_of_figure_23_is_of_three_layers() -> None:
    model = MLP(3, [5, 3, 2], "sigmoid", "sigmoid", bias=False, seed=forward.SEED)
    found = forward.matrices(model, forward.X3)
    assert found["a3"][0] == pytest.approx([value.data for value in model(forward.X3)], abs=1e-15)
