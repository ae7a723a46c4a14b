from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import MLP, Layer, Module, Neuron, Sequential
from nn.models.convolution import Convolution2D
from nn.models.dropout import Dropout
from nn.models.pooling import Flatten, MaxPooling2D
from nn.models.summaries import LONGEST, Row

SCREEN = 100  # columns

sizes = st.lists(st.integers(1, 5), min_size=1, max_size=4)

# the nets of document 002, with the parameters that its numbers add up to
OVERFIT = (MLP(2, [100, 70, 50, 1], "sigmoid", "sigmoid"), 10_971)  # section 4.2, figure 70
SIGMOID = (MLP(2, [10, 1], "sigmoid", "sigmoid"), 41)  # figure 71
RELU = (MLP(2, [8, 1], "relu", "sigmoid"), 33)  # figure 72
DIGITS = (MLP(784, [64, 32, 10], "relu", "softmax"), 52_650)  # section 4.4


# ---- laws


@given(st.integers(1, 5), sizes, st.sampled_from([True, False, "ones"]))
def test_a_layer_has_a_weight_for_each_input_of_each_neuron_and_a_bias_for_each_neuron(n_inputs, sizes, bias):
    summary = MLP(n_inputs, sizes, bias=bias).summary()
    takes = [n_inputs, *sizes][: len(sizes)]
    assert [row.parameters for row in summary] == [(m + bool(bias)) * k for m, k in zip(takes, sizes)]
    assert [row.output_shape for row in summary] == [(size,) for size in sizes]
    assert summary.parameters == sum(row.parameters for row in summary)


@given(sizes)
def test_a_summary_counts_what_the_model_lists(sizes):
    model = MLP(3, sizes)
    assert model.summary().parameters == len(model.parameters())


@pytest.mark.parametrize(("model", "parameters"), [OVERFIT, SIGMOID, RELU, DIGITS])
def test_parameters_of_the_nets_of_document_002(model, parameters):
    assert model.summary().parameters == parameters
    assert f"MLP: {parameters:,} parameters" in repr(model.summary())


def test_parameters_of_each_layer_for_digits():
    assert [row.parameters for row in DIGITS[0].summary((784,))] == [784 * 64 + 64, 64 * 32 + 32, 32 * 10 + 10]


# ---- rows


def test_a_summary_is_a_sequence_of_rows():
    summary = MLP(2, [3, 1], "tanh").summary()
    assert isinstance(summary, Sequence)
    assert len(summary) == 2
    assert summary[0] == Row("Layer(2, 3, activation='tanh')", (3,), 9)
    assert list(summary) == [*summary[:1], summary[-1]]
    layer, shape, parameters = summary[-1]
    assert (layer, shape, parameters) == ("Layer(3, 1, activation='identity')", (1,), 4)
    with pytest.raises(IndexError):
        summary[2]


def test_shapes_go_from_layer_to_layer():
    model = Sequential(Convolution2D(1, 2, 3), MaxPooling2D(2), Dropout(0.5), Flatten(), Layer(18, 4))
    shapes = [row.output_shape for row in model.summary((8, 8))]
    assert shapes == [(2, 6, 6), (2, 3, 3), (2, 3, 3), (18,), (4,)]


def test_a_shape_that_nobody_knows_is_a_question_mark_until_a_layer_knows_it():
    summary = Sequential(list, Layer(2, 3), len).summary()
    assert [row.output_shape for row in summary] == [None, (3,), None]
    assert [line.split()[-2] for line in repr(summary).splitlines()[2:]] == ["?", "(3,)", "?"]
    assert [row.parameters for row in summary] == [0, 9, 0]


def test_what_is_no_network_has_one_row():
    assert Layer(2, 3).summary()[:] == (Row("Layer(2, 3, activation='relu')", (3,), 9),)
    assert Neuron(2).summary().parameters == 3
    assert Dropout(0.5).summary((7,))[0] == Row("Dropout(0.5)", (7,), 0)


def test_parameters_that_are_shared_count_once_in_all():
    shared = Layer(2, 2)
    summary = Sequential(shared, shared).summary()
    assert [row.parameters for row in summary] == [6, 6]
    assert summary.parameters == 6
    assert summary.shared == (0, 6)
    headline, _, first, second = repr(summary).splitlines()
    assert headline == "Sequential: 6 parameters; those that are shared count once"
    assert first.endswith("   6")
    assert second.endswith("   6 (shared)")
    assert "<td>6 (shared)</td>" in summary._repr_html_()


def test_a_row_that_shares_a_part_says_how_much():
    shared = Layer(2, 2)
    summary = Sequential(shared, Sequential(shared, Layer(2, 1))).summary()
    assert summary.shared == (0, 6)
    assert repr(summary).splitlines()[-1].endswith("   9 (6 shared)")
    assert "shared" not in repr(Sequential(Layer(2, 2), Layer(2, 2)).summary())


def test_a_network_in_a_network_is_one_row():
    summary = Sequential(MLP(2, [3, 2]), Layer(2, 1)).summary()
    assert [row.parameters for row in summary] == [17, 3]
    assert [row.output_shape for row in summary] == [(2,), (1,)]


def test_a_module_of_ones_own_is_summed_up_by_what_it_says():
    class Pair(Module):
        def __init__(self) -> None:
            self.left, self.right = Neuron(1), Neuron(2)

        def children(self) -> list[Module]:
            return [self.left, self.right]

        def __repr__(self) -> str:
            return "Pair()"

    assert Pair().summary()[:] == (Row("Pair()", None, 5),)
    assert len(Pair().weight_parameters()) == 3


def test_a_summary_that_does_not_fit_is_an_error_of_the_layer():
    with pytest.raises(ValueError, match=r"Layer of 2 inputs got the shape \(3,\)"):
        MLP(2, [1]).summary((3,))


# ---- what it shows


def test_text_is_a_table_below_a_headline():
    assert repr(RELU[0].summary()).splitlines() == [
        "MLP: 33 parameters",
        "layer                               output   parameters",
        "Layer(2, 8, activation='relu')      (8,)     24",
        "Layer(8, 1, activation='sigmoid')   (1,)     9",
    ]


@pytest.mark.parametrize(
    ("model", "headline"),
    [
        (Neuron(1, bias=False), "Neuron: 1 parameter"),
        (Sequential(Flatten()), "Sequential: 0 parameters"),
        (OVERFIT[0], "MLP: 10,971 parameters"),
    ],
)
def test_headline_counts_in_words(model, headline):
    assert repr(model.summary()).splitlines()[0] == headline


def test_thousands_are_told_apart_in_each_row():
    assert [line.split()[-1] for line in repr(DIGITS[0].summary()).splitlines()[2:]] == ["50,240", "2,080", "330"]


def test_lines_fit_a_screen_and_html_does_too():
    inner = MLP(2, [2] * 20)
    summary = Sequential(inner, Layer(2, 1)).summary()
    assert max(map(len, repr(summary).splitlines())) <= SCREEN
    assert summary[0].layer == repr(inner)  # whole, for who reads it
    cells = [cell.text for cell in ET.fromstring(summary._repr_html_()).iter("td")]
    assert max(map(len, cells)) <= LONGEST


def test_html_has_the_cells_of_the_text():
    table = ET.fromstring(RELU[0].summary()._repr_html_())
    assert [cell.text for cell in table.iter("th")] == ["layer", "output", "parameters"]
    assert [cell.text for cell in table.iter("td")] == [
        *("Layer(2, 8, activation='relu')", "(8,)", "24"),
        *("Layer(8, 1, activation='sigmoid')", "(1,)", "9"),
    ]
    assert table.find("caption").text == "MLP: 33 parameters"


def test_text_of_ones_own_stays_text_in_html():
    class Hostile(Module):
        def __repr__(self) -> str:
            return '</td><script>&amp;"'

    cells = [cell.text for cell in ET.fromstring(Hostile().summary()._repr_html_()).iter("td")]
    assert cells == ['</td><script>&amp;"', "?", "0"]


def test_what_is_shared_with_any_layer_before_is_told() -> None:
    first = Layer(2, 2, seed=0)
    found = Sequential(first, Layer(2, 2, seed=1), first).summary()
    assert found.shared == (0, 0, 6)
    assert found.parameters == 12
