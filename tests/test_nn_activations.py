from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import PRIMITIVES, Value, topological_order
from nn import ACTIVATIONS
from nn.activations import activation_of

ULPS = 4 * 2**-52  # relative: four roundings

FROM_THE_DOCUMENTS = {
    "identity": lambda z: z,
    "step": lambda z: 1.0 if z >= 0 else 0.0,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "relu": lambda z: z if z > 0 else 0.0,
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "softplus": lambda z: math.log1p(math.exp(z)),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(z=st.floats(-30, 30))
def test_named_activation_is_the_function_of_the_documents(name, z):
    assert ACTIVATIONS[name](Value(z)).data == pytest.approx(FROM_THE_DOCUMENTS[name](z), rel=ULPS, abs=0)


@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS) - {"identity"}))
def test_named_activation_is_one_node_of_the_table(name):
    z = Value(0.5)
    result = ACTIVATIONS[name](z)
    assert topological_order(result) == [z, result]
    assert result.primitive is PRIMITIVES["heaviside" if name == "step" else name]


def test_identity_records_nothing():
    z = Value(0.5)
    assert ACTIVATIONS["identity"](z) is z


@pytest.mark.parametrize(("name", "slope"), [("relu", 0.0), ("leaky_relu", 0.01), ("step", 0.0)])
def test_slope_at_the_kink_is_the_one_of_the_documents(name, slope):
    z = Value(0.0)
    ACTIVATIONS[name](z).backward()
    assert z.grad == slope


def test_a_function_is_its_own_activation():
    assert activation_of(Value.sin) is Value.sin
    assert activation_of("tanh") is ACTIVATIONS["tanh"]


def test_an_unknown_name_is_an_error_that_lists_the_known():
    with pytest.raises(
        ValueError, match=r"no activation 'selu'; known are identity, step, sigmoid, .*, and any function of a Value"
    ):
        activation_of("selu")
