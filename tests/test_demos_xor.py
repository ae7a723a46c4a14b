"""Document 002, section 4.3: both listings of XOR, the engine beside them, and the errata in numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd.comparison import AGREES, WRONG
from demos.document_002 import xor, xor_listing
from demos.document_002.xor_listing import Run
from demos.pieces import Chart, Explorer, Kind, Numbers, Piece
from tests.stories import words

# part H of the inventory: double precision and 30 digits differ by 1.6e-14 at the sampled epochs
ABSOLUTE = 1e-9

LEGACY = """
def sigmoid(z): return 1/(1+np.exp(-z))
def sigmoidderiv(a): return a*(1-a)
"""
"""What the listings use and do not define."""

GRADIENT_DESCENT = """
epoch=4000
x=np.array( [[0,0],[0,1],[1,0],[1,1]] )
y= np.array( [[0],[1],[1],[0]] )
lr=1
random.seed(1685)
hidden_nodes=3
wih= random.random((2,hidden_nodes))
who= random.random((hidden_nodes,1))
losses=[]
for e in range(epoch):
    error=0
    z1=np.dot(x,wih)
    a1=sigmoid(z1)
    z2=np.dot(a1,who)
    a2=sigmoid(z2)
    error=np.sum( (a2-y)**2)
    # back
    da2=a2-y
    dz2=sigmoidderiv(a2)
    dwho=a1
    updatewho=np.dot((da2*dz2).T,dwho)
    da1=who
    dz1=sigmoidderiv(a1)
    dwih=x
    updatewih=np.dot((np.dot(da2*dz2,who.T)*dz1).T,dwih)
    who -= lr*updatewho.T
    wih -= lr*updatewih.T
    losses.append(error)
"""

SGD = """
random.seed(2564)
losses=[]
losses2=[]
hidden_nodes=5
matriz=np.array( [[0,0,0],[0,1,1],[1,0,1],[1,1,0]] )
random.shuffle(matriz)
x=matriz[:,0:2]
y=matriz[:,2].reshape((4,1))
wih= random.random((2,hidden_nodes))
who= random.random((hidden_nodes,1))
lr=1
epoch=2000
for e in range(epoch):
    zrror=0
    matriz=np.array( [[0,0,0],[0,1,1],[1,0,1],[1,1,0]] )
    random.shuffle(matriz)
    x=matriz[:,0:2]
    y=matriz[:,2].reshape((4,1))
    for i in range(len(x)):
        error=0
        z1=np.dot(x[i:i+1],wih)
        a1=sigmoid(z1)
        z2=np.dot(a1,who)
        a2=sigmoid(z2)
        error=(a2-y[i:i+1])**2
        # back
        da2=a2-y[i:i+1]
        dz2=sigmoidderiv(a2)
        dwho=a1
        updatewho=np.dot((da2*dz2).T,dwho)
        da1=who
        dz1=sigmoidderiv(a1)
        dwih=x[i:i+1]
        updatewih=np.dot((np.dot(da2*dz2,who.T)*dz1).T,dwih)
        who -= lr*updatewho.T
        wih -= lr*updatewih.T
        zrror=zrror+error
        losses.append(error.item())
    losses2.append(zrror.item())
"""
"""The document's program with its indentation restored; float(error) is error.item() with NumPy of today."""


def executed(program: str) -> dict[str, Any]:
    """What the document's program leaves; it draws from a generator of its own, as np.random would."""
    scope: dict[str, Any] = {"np": np, "random": np.random.RandomState()}
    exec(LEGACY + program, scope)
    return scope


@pytest.fixture(scope="module")
def batch() -> Run:
    return xor_listing.descend()


@pytest.fixture(scope="module")
def stochastic() -> Run:
    return xor_listing.descend_stochastically()


@pytest.fixture(scope="module")
def pieces() -> list[Piece]:
    return list(xor.story())


@pytest.fixture(scope="module")
def full_text(pieces: list[Piece], tmp_path_factory: pytest.TempPathFactory) -> str:
    return words(pieces, tmp_path_factory.mktemp("pictures"))


def test_the_first_listing_is_the_documents_program(batch: Run) -> None:
    left = executed(GRADIENT_DESCENT)
    np.testing.assert_allclose(batch.errors, left["losses"], atol=1e-14)
    np.testing.assert_allclose(batch.weights.wih, left["wih"], rtol=1e-12)
    np.testing.assert_allclose(batch.weights.who, left["who"], rtol=1e-12)


def test_the_second_listing_is_the_documents_program(stochastic: Run) -> None:
    left = executed(SGD)
    np.testing.assert_allclose(stochastic.errors, left["losses"], atol=1e-14)
    np.testing.assert_allclose(stochastic.sums, left["losses2"], atol=1e-14)
    np.testing.assert_allclose(stochastic.weights.wih, left["wih"], rtol=1e-12)


def test_the_listings_print_the_numbers_of_the_inventory(batch: Run, stochastic: Run) -> None:
    assert batch.errors[-1] == pytest.approx(0.00538224083932, abs=ABSOLUTE)
    assert batch.errors[999] == pytest.approx(0.0494993462, abs=ABSOLUTE)
    assert stochastic.errors[-1] == pytest.approx(0.00239898222389, abs=ABSOLUTE)
    assert stochastic.sums[-1] == pytest.approx(0.00922263689609, abs=ABSOLUTE)
    assert (len(batch.errors), len(stochastic.errors), len(stochastic.sums)) == (4000, 8000, 2000)


def test_the_engine_descends_as_the_listing_does_in_every_epoch(batch: Run) -> None:
    engine = xor.descent()
    np.testing.assert_allclose(engine.errors, batch.errors, atol=ABSOLUTE)
    for ours, theirs in zip(engine.weights, batch.weights):
        np.testing.assert_allclose(ours, theirs, atol=ABSOLUTE)


def test_the_engine_descends_stochastically_as_the_listing_does_in_every_update(stochastic: Run) -> None:
    engine = xor.stochastic_descent()
    np.testing.assert_allclose(engine.errors, stochastic.errors, atol=ABSOLUTE)
    np.testing.assert_allclose(engine.sums, stochastic.sums, atol=ABSOLUTE)
    for ours, theirs in zip(engine.weights, stochastic.weights):
        np.testing.assert_allclose(ours, theirs, atol=ABSOLUTE)


def test_the_error_after_sgd_is_that_of_the_last_weights() -> None:
    assert xor.error_of(xor.stochastic_descent().model).data == pytest.approx(0.0091623046, abs=1e-10)  # its digits


def test_the_line_of_sgd_is_wavy_and_then_calm(stochastic: Run) -> None:
    assert xor.rises(stochastic.sums, 0, 750) == 325
    assert xor.rises(stochastic.sums, 749, 1000) == 10
    assert xor.rises(stochastic.sums, 999, 2000) == 0


def test_rises_are_counted_between_the_epochs_of_a_part() -> None:
    sums = [5.0, 6.0, 4.0, 7.0, 8.0, 1.0]
    assert [xor.rises(sums, 0, 6), xor.rises(sums, 0, 3), xor.rises(sums, 2, 5), xor.rises(sums, 4, 6)] == [3, 1, 2, 0]


@pytest.mark.parametrize(
    "said",
    [
        "002-5: with the whole gradient, as in section 3.5, the last error of 4000 epochs is 0.00242710788",
        "In epoch 1000 the error is 0.0494993462 with 3 and 0.025384689 with 5",
        "nor after 4000: it is then 0.00538224 and 0.00397886",
        "would be 0.907 in place of 0.0495 with 3 neurons, 0.966 in place of 0.0254 with 5, and the sum",
        "of SGD in epoch 2000 0.973 in place of 0.00922",
        "The number of epoch 2000 is then 0.303273156, where with four updates it is 0.0092226369.",
        "The line does not become flat then, as it does in figure 75: after epoch 1000 it rises 349 times",
        "0.0092226369 in the last epoch, where the weights that it leaves have 0.00916230462",
        "it rises 325 times until epoch 750, 10 times until epoch 1000, 0 times until epoch 2000. An update",
        "GradientCheck of 9: 9 pass",
    ],
)
def test_the_story_has_the_numbers_of_the_errata(said: str, full_text: str) -> None:
    assert said in full_text


def test_all_numbers_of_both_listings_agree(pieces: list[Piece]) -> None:
    tables = [piece for piece in pieces if isinstance(piece, Numbers)]
    assert [(piece.kind, len(piece.rows)) for piece in tables] == [
        (Kind.EVALUATED, 9),
        (Kind.LISTED, 81),
        (Kind.EVALUATED, 9),
        (Kind.LISTED, 84),
        (Kind.EVALUATED, 15),
    ]
    assert {row.verdict for piece in tables for row in piece.rows} == {AGREES}


def test_the_second_table_has_what_the_second_listing_prints(
    stochastic: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    executed(SGD.replace("epoch=2000", "epoch=1").replace("losses.append(error.item())", "print(error)"))
    told = [line.strip("[]") for line in capsys.readouterr().out.split()]
    assert told == ["0.06556815", *told[1:]]
    rows = xor.compared_examples(stochastic.errors, stochastic.errors)
    assert [row.printed for row in rows[:4]] == told


def test_a_brief_story_has_the_same_pieces_and_says_nothing_of_epochs_that_it_did_not_run(
    pieces: list[Piece], tmp_path: Path
) -> None:
    brief = list(xor.story(brief=True))
    assert [type(piece) for piece in brief] == [type(piece) for piece in pieces]
    text = words(brief, tmp_path)
    assert text.count("What comes later is not seen here: of 2000 epochs 500 were run.") == 2
    for later in ("flat", "after epoch 1000 it", "until epoch 750", "2000 epochs of", "nearly right", "nor after"):
        assert later not in text, later
    charts = {piece.name: piece.what for piece in brief if isinstance(piece, Chart)}
    assert (charts["xor-sgd"], charts["xor-sgd-zoom"]) == (
        "figure 75, 500 epochs of SGD",
        "figure 76, its first 500 epochs",
    )


def test_what_is_said_of_the_line_follows_from_its_rises() -> None:
    sums = [1.0] * 1001
    assert xor._waves(sums).text.endswith("Gradient descent sees all four at once.")
    assert xor._waves([*sums, 2.0]).text.endswith("1 times until epoch 1002. So it does not become flat.")
    assert xor._why_not_flat(sums) == "It becomes flat all the same: after epoch 1000 it rises 0 times."


def test_half_a_gradient_is_told_as_an_erratum_once(full_text: str) -> None:
    assert full_text.count("002-5") == 1


def test_a_wrong_slope_in_the_listing_is_found_by_comparing(monkeypatch: pytest.MonkeyPatch) -> None:
    right = xor_listing.update

    def wrong(*arguments: Any) -> xor_listing.Weights:
        wih, who = right(*arguments)
        return xor_listing.Weights(wih, 1.02 * who)

    monkeypatch.setattr(xor_listing, "update", wrong)
    first, *_ = [piece for piece in xor.story(brief=True) if isinstance(piece, Numbers)]
    assert {row.quantity for row in first.rows if row.verdict == WRONG} == {f"who[{j},1]" for j in (1, 2, 3)}


def test_the_network_answers_xor(full_text: str) -> None:
    model = xor.descent().model
    assert [round(model([a, b]).data) for a, b, _ in xor_listing.TRUTH_TABLE] == [0, 1, 1, 0]
    assert "A B h1 h2 h3 ŷ 0 0 0.500 0.500 0.500 0.054" in full_text


def test_the_explorer_has_the_network_of_the_first_listing_with_its_loss(pieces: list[Piece]) -> None:
    (explorer,) = [piece for piece in pieces if isinstance(piece, Explorer)]
    first = xor_listing.descend(epochs=1).errors[0]
    assert explorer.root.data == pytest.approx(first, abs=ABSOLUTE)
    assert explorer.options["lr"] == 0.5


def test_the_charts_show_what_was_computed(pieces: list[Piece], batch: Run, stochastic: Run) -> None:
    pytest.importorskip("matplotlib")
    charts = {piece.name: piece.draw() for piece in pieces if isinstance(piece, Chart)}
    for name, numbers in (
        ("xor-gradient-descent", batch.errors),
        ("xor-sgd", stochastic.sums),
        ("xor-sgd-zoom", stochastic.sums[:1000]),
    ):
        (axes,) = charts[name].axes
        (line,) = axes.lines
        np.testing.assert_allclose(line.get_ydata(), numbers, atol=ABSOLUTE)
        assert axes.get_xlabel() == "epoch"
    _, plane = charts["xor-gate"].axes
    zeros, ones = (np.asarray(signs.get_offsets()).tolist() for signs in plane.collections)
    assert (zeros, ones) == ([[0, 0], [1, 1]], [[0, 1], [1, 0]])
