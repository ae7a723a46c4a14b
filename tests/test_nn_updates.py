from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.notation.screens import COLUMNS, width
from nn import MLP, mse
from nn.optimization.rules import OPTIMIZERS, SGD, Adadelta, Adam, Momentum, Optimizer
from nn.optimization.schedules import Cosine
from nn.optimization.updates import FIRST_LINES, MOST_LINES, formulas
from tests.hostile_labels import HOSTILE, MERMAID

every_kind = pytest.mark.parametrize("kind", OPTIMIZERS.values(), ids=OPTIMIZERS)
moderate = st.floats(-1e3, 1e3)

FORMULAS = {
    "sgd": ["p ← p − η · g"],
    "momentum": ["v ← μ · v + g", "p ← p − η · v"],
    "nesterov": ["v ← μ · v + g", "p ← p − η(g + μ · v)"],
    "adagrad": ["s ← s + g²", "p ← p − η · g / (sqrt(s) + ε)"],
    "adadelta": [
        "v ← ρ · v + (1 − ρ) · g²",
        "d ← sqrt(u + ε) / sqrt(v + ε) · g",
        "u ← ρ · u + (1 − ρ) · d²",
        "p ← p − η · d",
    ],
    "rmsprop": ["v ← α · v + (1 − α) · g²", "p ← p − η · g / (sqrt(v) + ε)"],
    "adam": [
        "m ← β₁ · m + (1 − β₁) · g",
        "v ← β₂ · v + (1 − β₂) · g²",
        "d ← sqrt(1 − β₂^t)",
        "p ← p − η · d / (1 − β₁^t) · m / (sqrt(v) + ε · d)",
    ],
    "adamw": [
        "m ← β₁ · m + (1 − β₁) · g",
        "v ← β₂ · v + (1 − β₂) · g²",
        "d ← sqrt(1 − β₂^t)",
        "p ← (1 − η · λ) · p − η · d / (1 − β₁^t) · m / (sqrt(v) + ε · d)",
    ],
}

LETTERS = {"momentum": "μ", "alpha": "α", "rho": "ρ", "betas": "β₁ β₂", "eps": "ε", "weight_decay": "λ"}


def stepped(optimizer: Optimizer, *gradients: list[float | None]) -> Optimizer:
    for line in gradients:
        optimizer.zero_grad()
        for value, gradient in zip(optimizer.parameters, line):
            if gradient is not None:
                (value * gradient).backward()
        optimizer.step()
    return optimizer


def as_python(formula: str) -> str:
    """A line of a formula as an assignment in Python."""
    name, expression = formula.split(" ← ")
    expression = re.sub(r"(\w)²", r"(\1 · \1)", expression)  # a float's ** 2 is not always rounded as the product is
    for written, typed in {"·": "*", "−": "-", "^": "**"}.items():
        expression = expression.replace(written, typed)
    expression = re.sub(r"(?<!sqrt)(?<=\w)\(", "*(", expression)  # η(g + v) is a product
    return f"{name} = {expression}".replace("₁", "1").replace("₂", "2")


# ---- laws


@every_kind
@given(data=moderate, gradients=st.lists(moderate, min_size=1, max_size=4))
def test_the_formulas_give_the_numbers_of_the_table(kind, data, gradients):
    """They are read back as Python, and run on what the step began with."""
    optimizer = kind([Value(data)], lr=0.5)
    *earlier, last = [[gradient] for gradient in gradients]
    stepped(optimizer, *earlier)
    memory = {name: float(array[0]) for name, array in optimizer.state_dict()["moments"].items()}
    update = stepped(optimizer, last).explain()
    names = {"sqrt": math.sqrt, "η": update.lr, "t": len(gradients), **memory}
    for name, setting in optimizer.hyperparameters.items():
        if name in LETTERS:
            letters = LETTERS[name].replace("₁", "1").replace("₂", "2").split()
            names |= zip(letters, setting if isinstance(setting, tuple) else [setting])
    names |= {"p": update[0].before, "g": update[0].gradient}
    for formula in update.formulas:
        exec(as_python(formula), {}, names)
    assert names["p"] == update[0].after == optimizer.parameters[0].data
    assert {name: names[name] for name in memory} == update[0].moments


@every_kind
@given(lines=st.lists(st.tuples(moderate, moderate, st.booleans()), min_size=1, max_size=6))
def test_the_records_are_what_was_read_and_written(kind, lines):
    values = [Value(data, f"w{place}") for place, (data, _, _) in enumerate(lines)]
    gradients = [gradient if rests is False else None for _, gradient, rests in lines]
    optimizer = stepped(kind(values), gradients)
    update = optimizer.explain()
    memory = optimizer.state_dict()["moments"]
    assert len(update) == len(lines)
    for place, change in enumerate(update):
        assert change.parameter == f"w{place}"
        assert (change.before, change.gradient) == (lines[place][0], gradients[place])
        assert change.after == values[place].data
        assert change.change == change.after - change.before
        assert change.moments == {name: array[place] for name, array in memory.items()}
        assert change.steps == (gradients[place] is not None)
        assert all(type(x) is float for x in (change.before, change.change, change.after, *change.moments.values()))


@every_kind
@given(count=st.integers(1, 40), labels=st.lists(st.text(max_size=60), max_size=40), size=st.floats(1e-300, 1e300))
def test_what_is_shown_fits_a_screen(kind, count, labels, size):
    values = [Value(-size, labels[place] if place < len(labels) else "") for place in range(count)]
    shown = repr(stepped(kind(values), [-1.2345e-300] * count, [1.2345e-300] * (count - 1) + [None]).explain())
    assert all(width(line) <= COLUMNS for line in shown.splitlines())
    header = 1 + len(FORMULAS[kind.__name__.lower()]) + 1
    assert len(shown.splitlines()) == header + 1 + min(count, MOST_LINES)


# ---- the rule


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_formulas_are_read_off_the_rules(name):
    assert list(stepped(OPTIMIZERS[name]([Value(1.0)]), [1.0]).explain().formulas) == FORMULAS[name]


def test_the_formula_of_adam_without_correction_is_that_of_document_004():
    update = stepped(Adam([Value(1.0)], bias_correction=False), [1.0]).explain()
    assert list(update.formulas) == [*FORMULAS["adam"][:2], "p ← p − η · m / (sqrt(v) + ε)"]


def test_a_hyperparameter_of_ones_own_is_written_by_its_name():
    def rule(p, g, t, lr, v, *, fading):
        v = fading * v + np.sign(g)
        return p - lr * v * t, v

    assert formulas(rule, ["v"], {"fading": "fading"}) == ["v ← fading · v + sign(g)", "p ← p − η · v · t"]


def test_what_is_used_more_than_once_has_a_name_of_its_own():
    def rule(p, g, t, lr):
        d = g + 1
        e = d * d * t
        return (p - lr * e / (1 + e),)

    assert formulas(rule, [], {}) == ["d ← g + 1", "d2 ← d² · t", "p ← p − η · d2 / (1 + d2)"]


def test_a_rule_that_is_not_recorded_is_told_without_formulas():
    class Clipped(Optimizer):
        @staticmethod
        def rule(p, g, t, lr):
            return (p - lr * np.where(g > 1, 1.0, g).astype(float),)

    update = stepped(Clipped([Value(0.0, "w")], 0.5), [2.0]).explain()
    assert update.formulas == ()
    assert repr(update).splitlines() == [
        "Clipped, step t = 1: lr = η = 0.5",
        "",
        "parameter   before   gradient   change   after",
        "w           0        2          −0.5     −0.5",
    ]


# ---- the table


def test_an_update_as_it_is_shown():
    w, b = Value(0.5, "w"), Value(-2.0)
    optimizer = stepped(Momentum([w, b], lr=0.1), [0.2, 1.0], [0.3, None])
    assert repr(optimizer.explain()).splitlines() == [
        "Momentum, step 2: lr = η = 0.1, μ = 0.9",
        "    v ← μ · v + g",
        "    p ← p − η · v",
        "",
        "parameter   before   gradient       v      change      after   t",
        "w           0.48     0.3            0.48   −0.048      0.432   2",
        "b           −2.1     not computed   1      not moved   −2.1    1",
    ]


def test_as_long_as_all_move_t_is_the_number_of_the_step():
    assert repr(stepped(Adam([Value(0.5, "w")], lr=0.125), [0.5], [0.5]).explain()).splitlines() == [
        "Adam, step t = 2: lr = η = 0.125, β₁ = 0.9, β₂ = 0.999, ε = 1e−08",
        "    m ← β₁ · m + (1 − β₁) · g",
        "    v ← β₂ · v + (1 − β₂) · g²",
        "    d ← sqrt(1 − β₂^t)",
        "    p ← p − η · d / (1 − β₁^t) · m / (sqrt(v) + ε · d)",
        "",
        "parameter   before   gradient   m       v           change   after",
        "w           0.375    0.5        0.095   0.0004998   −0.125   0.25",
    ]


def test_many_parameters_are_abridged_in_the_middle():
    model = MLP(3, [20, 1], seed=0)
    optimizer = SGD(model.parameters(), lr=0.1)
    mse(model([1, 2, 3]), 1).backward()
    optimizer.step()
    lines = repr(optimizer.explain()).splitlines()[3:]
    assert len(lines) == 1 + MOST_LINES
    assert lines[1].startswith("layer1.neuron1.w[0] ")
    assert re.fullmatch(rf"⋮ +{20 * 4 + 21 - FIRST_LINES - 1} more", lines[-2])
    assert lines[-1].startswith("layer2.neuron1.b ")


def test_as_many_as_fit_are_all_shown():
    values = [Value(1.0, f"w{place}") for place in range(MOST_LINES)]
    lines = repr(stepped(SGD(values), [1.0] * MOST_LINES).explain()).splitlines()[4:]
    assert [line.split()[0] for line in lines] == [f"w{place}" for place in range(MOST_LINES)]


def test_parameters_are_called_by_their_labels_and_else_by_the_variables_of_who_asks():
    labelled, weights = Value(1.0, "bias"), [Value(2.0), Value(3.0)]
    optimizer = stepped(SGD([labelled, *weights]), [1.0, 1.0, 1.0])
    assert [change.parameter for change in optimizer.explain()] == ["bias", "weights[0]", "weights[1]"]


def test_the_same_label_twice_is_told_apart():
    optimizer = stepped(SGD([Value(1.0, "w"), Value(2.0, "w")]), [1.0, 1.0])
    assert [change.parameter for change in optimizer.explain()] == ["w", "w_2"]


def test_an_update_is_a_sequence():
    update = stepped(SGD([Value(float(x), f"w{x}") for x in range(5)], lr=0.5), [1.0] * 5).explain()
    assert [change.parameter for change in update[1:4:2]] == ["w1", "w3"]
    assert update[-1] == update[4] == list(update)[4]
    assert (update.optimizer, update.step, update.lr) == ("SGD", 1, 0.5)
    with pytest.raises(IndexError):
        update[5]


def test_a_change_is_found_by_the_name_of_its_parameter():
    model = MLP(2, [2, 1], "tanh", seed=0)
    mse(model([0.5, -1.0]), 1.0).backward()
    optimizer = SGD(model.parameters())
    optimizer.step()
    update = optimizer.explain()
    assert update["layer1.neuron2.w[1]"] == update[4]
    assert all(update[change.parameter] == change for change in update)
    told = "no parameter of this step is called 'layer1.neuron2.w1'; did you mean 'layer1.neuron2.w[1]'?"
    with pytest.raises(KeyError, match=re.escape(told)):
        update["layer1.neuron2.w1"]
    with pytest.raises(KeyError) as unlike:
        update["?"]
    assert unlike.value.args == ("no parameter of this step is called '?'",)


def test_the_rate_is_that_of_the_step():
    optimizer = stepped(SGD([Value(1.0)], Cosine(0.5, steps=4)), [1.0], [1.0], [1.0])
    assert optimizer.explain().lr == pytest.approx(0.25, rel=1e-15)
    assert optimizer.explain().step == 3


def test_a_rate_that_is_nearly_one_does_not_read_as_one():
    assert "lr = η = 1.00001," in repr(stepped(Adadelta([Value(1.0)], lr=1.00001), [1.0]).explain())


def test_an_infinite_parameter_that_rests_does_not_change():
    (change,) = stepped(SGD([Value(math.inf)]), [None]).explain()
    assert (change.gradient, change.change, change.after) == (None, 0.0, math.inf)


@pytest.mark.parametrize("label", [*HOSTILE, *MERMAID])
def test_a_label_is_text_in_html(label):
    w = Value(1.0, label)
    page = stepped(Adam([w, Value(2.0, "other")]), [1.0, None]).explain()._repr_html_()
    table = ET.fromstring(page).find("table")
    cells = [["".join(cell.itertext()) for cell in row] for row in table]
    (name, *numbers), other = cells[1:]
    assert name == stepped(SGD([w]), [1.0]).explain()[0].parameter
    assert "\n" not in name
    assert numbers == ["1", "1", "0.1", "0.001", "−0.001", "0.999", "1"]
    assert other == ["other", "2", "not computed", "0", "0", "not moved", "2", "0"]


def test_html_tells_the_rule_too():
    page = ET.fromstring(stepped(SGD([Value(1.0)], 0.5), [1.0]).explain()._repr_html_())
    assert [line.text for line in page.findall("p")] == ["SGD, step t = 1: lr = η = 0.5", "p ← p − η · g"]


# ---- which step


def test_an_update_stays_as_it_was_when_the_optimizer_goes_on():
    optimizer = stepped(Adam([Value(0.5, "w"), Value(1.0, "b")]), [0.5, None])
    update = optimizer.explain()
    before = repr(update), list(update)
    stepped(optimizer, [3.0, 1.0], [None, 1.0])
    optimizer.parameters[0].data = 7.0
    optimizer.load_state_dict(Adam([Value(0), Value(0)]).state_dict())
    assert (repr(update), list(update)) == before


def test_explain_before_any_step_is_an_error():
    optimizer = SGD([Value(1.0)], 0.1)
    with pytest.raises(RuntimeError, match=r"^explain of SGD tells of the last step\(\); call step\(\) first$"):
        optimizer.explain()


def test_explain_tells_of_no_step_that_was_taken_on_flat_arrays_or_before_loading():
    optimizer = stepped(SGD([Value(1.0)], 0.1), [1.0])
    optimizer.updated(np.ones(1), np.ones(1))
    with pytest.raises(RuntimeError, match="call step"):
        optimizer.explain()
    stepped(optimizer, [1.0])
    assert optimizer.explain().step == 3
    optimizer.load_state_dict(optimizer.state_dict())
    with pytest.raises(RuntimeError, match="call step"):
        optimizer.explain()
