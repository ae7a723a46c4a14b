from __future__ import annotations

import inspect
import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import nn.optimization.rules as optimizers
from autograd import Value, functions
from nn.models.activations import ACTIVATIONS, LeakyReLU, step
from nn.models.convolution import Convolution2D
from nn.models.dropout import Dropout
from nn.models.modules import Layer, Module, Neuron
from nn.models.networks import MLP, Sequential
from nn.models.perceptron import Perceptron
from nn.models.pooling import Flatten, MaxPooling2D
from nn.optimization.rules import OPTIMIZERS, SGD, Adam, Optimizer
from nn.optimization.schedules import Cosine, StepDecay
from nn.saving import ModelFileError, load, load_optimizer, save
from nn.saving.architectures import read, rows_of, written
from nn.saving.kinds import KINDS
from tests.saved_models import TEXT, bits, data, fitted, with_numbers

IMAGE = np.random.default_rng(0).uniform(-1, 1, (2, 5, 6))


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file for generated models, which may be written again and again."""
    return tmp_path_factory.mktemp("saving") / "model.json"


def behaviour(model: Any, x: Any) -> tuple[list[str], list[str]]:
    """Predictions, which are numbers where nothing is recorded, and the gradients of their sum."""
    outputs = np.ravel(np.array(model(x), dtype=object)).tolist()
    model.zero_grad()
    functions.sum(outputs).backward()
    return bits([getattr(y, "data", y) for y in outputs]), bits([parameter.grad for parameter in model.parameters()])


# ---- generated models

activations = st.one_of(st.sampled_from(sorted(ACTIVATIONS)), st.floats(-2, 2).map(LeakyReLU))
biases = st.sampled_from([True, False, "ones"])
sizes = st.integers(1, 3)
numbers = st.lists(st.floats(), min_size=1, max_size=12)


@st.composite
def parts(draw: st.DrawFn, n_inputs: int, depth: int = 0) -> Module:
    """A module that takes so many inputs."""
    kind = draw(st.sampled_from(["Layer", "MLP", "Neuron", "Perceptron", "Dropout", *["Sequential"] * (depth < 2)]))
    if kind == "Layer":
        return Layer(n_inputs, draw(sizes), draw(activations | st.just("softmax")), draw(biases))
    if kind == "MLP":
        widths = draw(st.lists(sizes, min_size=1, max_size=3))
        return MLP(n_inputs, widths, [draw(activations) for _ in widths], bias=draw(biases))
    if kind == "Neuron":
        return Neuron(n_inputs, draw(activations), draw(biases))
    if kind == "Perceptron":
        return Perceptron(n_inputs)
    return Dropout(draw(st.floats(0, 0.99))) if kind == "Dropout" else draw(chains(n_inputs, depth + 1))


@st.composite
def chains(draw: st.DrawFn, n_inputs: int, depth: int = 0) -> Sequential:
    """Modules that fit, of which some occur again."""
    layers: list[Any] = []
    shape: Any = (n_inputs,)
    for _ in range(draw(st.integers(1, 3))):
        layers.append(draw(parts(shape[0], depth)))
        before, shape = shape, layers[-1].output_shape(shape)
        if shape == before and draw(st.booleans()):
            layers.append(layers[-1])
    return Sequential(*layers)


@st.composite
def image_models(draw: st.DrawFn) -> Sequential:
    """A convolution of images of shape (2, 5, 6), and what may follow it."""
    pairs = st.one_of(sizes, st.tuples(sizes, sizes))
    convolution = Convolution2D(
        2, draw(sizes), draw(pairs), draw(activations), draw(st.booleans()), stride=draw(pairs), padding=draw(pairs)
    )
    layers = [convolution, MaxPooling2D(1, draw(st.none() | pairs)), Flatten()]
    (count,) = Sequential(*layers).output_shape(IMAGE.shape) or ()
    return Sequential(*layers, draw(parts(count)))


@st.composite
def models(draw: st.DrawFn) -> tuple[Module, Any]:
    """A model with any numbers, and an example for it."""
    n_inputs = draw(sizes)
    is_of_images = draw(st.integers(0, 3)) == 0
    model = draw(image_models() if is_of_images else chains(n_inputs) | parts(n_inputs))
    x = IMAGE if is_of_images else IMAGE.ravel()[:n_inputs].tolist()
    return with_numbers(model, draw(numbers)), x


def shares(model: Any) -> list[int]:
    """For each layer, in the order of their places, the first place at which it is."""
    found: list[Any] = []

    def visit(module: Any) -> None:
        found.append(module)
        if type(module) is Sequential:
            for layer in module.layers:
                visit(layer)

    visit(model)
    return [next(place for place, other in enumerate(found) if other is module) for module in found]


# ---- laws


@given(models())
def test_a_loaded_model_has_the_same_layers_and_the_same_numbers_to_the_bit(scratch, case):
    model, _ = case
    save(model, scratch)
    loaded = load(scratch)
    assert loaded is not model
    assert repr(loaded) == repr(model)
    assert bits(data(loaded)) == bits(data(model))
    assert shares(loaded) == shares(model)


@given(models())
@example((Dropout(0.0), [0.25]))
def test_a_loaded_model_has_the_same_predictions_and_gradients_to_the_bit(scratch, case):
    model, x = case
    if isinstance(model, Neuron) and model.activation == "softmax":
        return
    save(model, scratch)
    try:
        expected = behaviour(model, x)
    except ArithmeticError as error:  # a number outside of a domain, such as infinity
        with pytest.raises(type(error)):
            behaviour(load(scratch), x)
    else:
        assert behaviour(load(scratch), x) == expected


@given(models())
def test_a_loaded_model_is_saved_as_the_same_bytes(scratch, case):
    save(case[0], scratch)
    first = scratch.read_bytes()
    save(load(scratch), scratch)
    assert scratch.read_bytes() == first


@given(models())
def test_rows_are_counted_as_neurons_have_parameters(case):
    model, _ = case
    neurons = []

    def visit(module: Module) -> None:
        if isinstance(module, Neuron):
            neurons.append(module)
        for child in module.children():
            visit(child)

    visit(model)
    expected = [len(neuron.parameters()) for neuron in dict.fromkeys(neurons)]
    assert [rows.numbers for rows in rows_of(read(written(model))) for _ in range(rows.neurons)] == expected


@given(st.lists(st.floats(), min_size=1, max_size=20))
def test_every_float_comes_back_to_the_bit(scratch, floats):
    model = with_numbers(Neuron(len(floats), bias=False), floats)
    save(model, scratch)
    assert bits(data(load(scratch))) == bits(floats)


@pytest.mark.parametrize("x", [5e-324, -5e-324, 2.2250738585072014e-308, sys.float_info.max, -0.0, 0.1, 1e22, 2.0**53])
def test_the_ends_of_the_floats_come_back(file, x):
    save(with_numbers(Neuron(1), [x]), file)
    assert bits(data(load(file))) == bits([x, x])


def test_parameters_of_a_loaded_model_are_labelled_by_their_places(file):
    model = Sequential(Layer(2, 2), MLP(2, [2, 1]))
    labels = [parameter.label for parameter in model.parameters()]
    model.parameters()[0].label = "mine"
    save(model, file)
    assert [parameter.label for parameter in load(file).parameters()] == labels


def test_a_loaded_model_predicts(file):
    model = Sequential(Layer(2, 2), Dropout(0.5)).train()
    save(model, file)
    loaded: Any = load(file)
    assert not loaded.training
    assert not loaded.layers[1].training


def test_a_function_of_the_table_comes_back_as_its_name(file):
    save(Sequential(Layer(2, 2, Value.tanh), Layer(2, 1, step)), file)
    loaded: Any = load(file)
    assert [layer.activation for layer in loaded.layers] == ["tanh", "step"]


# ---- optimizers

MAKERS: dict[str, Callable[[list[Value]], Optimizer]] = {
    **OPTIMIZERS,  # type: ignore[dict-item]  # each has a default for lr
    "with a schedule": lambda parameters: SGD(parameters, StepDecay(0.1, 2, 0.5)),
    "with a cosine": lambda parameters: optimizers.RMSProp(parameters, Cosine(0.1, 7)),
    "with settings": lambda parameters: Adam(parameters, 0.3, (0.5, 0.25), 1e-3, bias_correction=False),
}


def taught(model: Any, optimizer: Optimizer, steps: int) -> None:
    for _ in range(steps):
        optimizer.zero_grad()
        functions.sum([(model(x) - x[0] * x[1]) ** 2 for x in ([0.5, 2.0], [-1.0, 0.25])]).backward()
        optimizer.step()


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_training_goes_on_as_if_it_had_not_been_interrupted(file, make):
    model = MLP(2, [3, 1], "tanh", seed=1)
    optimizer = make(model.parameters())
    taught(model, optimizer, 3)
    save(model, file, optimizer)
    loaded = load(file)
    again = load_optimizer(file, loaded.parameters())
    taught(model, optimizer, 5)
    taught(loaded, again, 5)
    assert type(again) is type(optimizer)
    assert repr(again) == repr(optimizer)
    assert bits(data(loaded)) == bits(data(model))


def test_training_goes_on_in_another_process_as_if_it_had_not_been_interrupted(file):
    layer = Layer(3, 3, "tanh", seed=1)
    model = Sequential(
        MLP(2, [3], ["softplus"], bias="ones", seed=2), layer, layer, Layer(3, 1, LeakyReLU(0.3), seed=3)
    )
    optimizer = Adam(model.parameters(), Cosine(0.1, 20), (0.5, 0.25))
    fitted(model, optimizer, seed=1)
    save(model, file, optimizer)
    fitted(model, optimizer, seed=2)
    words = f"from tests.saved_models import go_on; go_on({str(file)!r}, 2)"
    subprocess.run([sys.executable, "-c", words], cwd=Path(__file__).parent.parent, check=True)
    save(model, other := file.with_name("uninterrupted.json"), optimizer)
    assert file.read_text() == other.read_text()


def test_an_optimizer_of_some_parameters_is_one_of_the_same_afterwards(file):
    model = MLP(2, [3, 1], seed=1)
    optimizer = Adam(reversed(model.layers[1].parameters()), 0.1)
    taught(model, optimizer, 2)
    save(model, file, optimizer)
    loaded: Any = load(file)
    again = load_optimizer(file, loaded.parameters())
    assert again.parameters == loaded.layers[1].parameters()[::-1]
    for network, one in ((model, optimizer), (loaded, again)):
        taught(network, one, 3)
    assert bits(data(loaded)) == bits(data(model))


def test_an_optimizer_of_all_parameters_names_none_of_them(file):
    model = MLP(2, [1])
    save(model, file, SGD(model.parameters()))
    assert json.loads(file.read_text())["optimizer"]["parameters"] == "all"


def test_moments_that_are_not_finite_come_back(file):
    model = MLP(1, [1], seed=1)
    optimizer = optimizers.Momentum(model.parameters(), 0.1)
    state = optimizer.state_dict()
    state["moments"]["v"] = np.array([math.inf, math.nan])
    optimizer.load_state_dict(state)
    save(model, file, optimizer)
    assert bits(load_optimizer(file, load(file).parameters()).state_dict()["moments"]["v"]) == ["inf", "nan"]


def test_a_rate_that_a_function_gives_is_given_again(file):
    def rate(steps: int) -> float:
        return 0.1 / (steps + 1)

    model = MLP(2, [3, 1], seed=1)
    optimizer = SGD(model.parameters(), rate)
    taught(model, optimizer, 3)
    save(model, file, optimizer)
    loaded = load(file)
    with pytest.raises(ModelFileError, match=r"lr of SGD was given by .*rate.*, which can't be written"):
        load_optimizer(file, loaded.parameters())
    again = load_optimizer(file, loaded.parameters(), lr=rate)
    taught(model, optimizer, 3)
    taught(loaded, again, 3)
    assert bits(data(loaded)) == bits(data(model))


def test_a_rate_that_is_in_the_file_is_not_given_again(file):
    model = MLP(2, [1], seed=1)
    save(model, file, SGD(model.parameters(), 0.1))
    with pytest.raises(ValueError, match=r"model\.json' has a learning rate: write another to `lr` after loading"):
        load_optimizer(file, model.parameters(), lr=Cosine(0.1, 3))


@pytest.mark.parametrize("count", [1, 3, 5])
def test_an_optimizer_needs_as_many_parameters_as_the_model_has(file, count):
    model = MLP(3, [1], seed=1)
    save(model, file, SGD(model.parameters(), 0.1))
    with pytest.raises(ValueError, match=rf"needs the 4 parameters of the model in .*model\.json'; got {count}"):
        load_optimizer(file, [Value(0.0) for _ in range(count)])


def test_an_optimizer_is_not_loaded_for_what_is_no_parameter(file):
    model = MLP(1, [1], seed=1)
    save(model, file, SGD(model.parameters(), 0.1))
    with pytest.raises(TypeError, match="SGD needs Values as parameters; got int 1"):
        load_optimizer(file, [1, 2])  # type: ignore[list-item]


def test_a_file_without_an_optimizer_has_none_to_load(file):
    model = MLP(1, [1])
    save(model, file)
    with pytest.raises(ModelFileError, match="it was saved without an optimizer"):
        load_optimizer(file, model.parameters())


def test_loading_an_optimizer_touches_no_parameter(file):
    model = MLP(1, [1], seed=1)
    save(model, file, Adam(model.parameters()))
    with_numbers(model, [7.0])
    load_optimizer(file, model.parameters())
    assert data(model) == [7.0, 7.0]


# ---- the format


def test_a_file_of_version_1_is_read_and_written_as_ever(file):
    file.write_text(TEXT, encoding="utf-8")
    model: Any = load(file)
    layer, dropout, again, mlp = model.layers
    assert again is layer
    assert dropout.p == 0.25
    expected = [0.1, -0.0, 5e-324, 1e300, math.nan, -math.inf, math.inf, -2.5, 0.1 + 0.2]
    assert bits(data(model)) == bits(expected)
    assert repr(mlp) == "MLP of [Layer(2, 1, activation=leaky_relu(0.3), bias='ones')]"
    optimizer = load_optimizer(file, model.parameters())
    assert optimizer.parameters == [layer.neurons[0].w[0], mlp.layers[0].neurons[0].w[2]]
    save(model, file, optimizer)
    assert file.read_text(encoding="utf-8") == TEXT


def test_numbers_may_be_written_by_hand_without_a_point(file):
    file.write_text(TEXT.replace("0.1, -0.0, 5e-324", "1, -2, 30"), encoding="utf-8")
    assert data(load(file))[:3] == [1.0, -2.0, 30.0]


def test_every_module_of_the_package_can_be_saved():
    def below(kind: type) -> Iterator[type]:
        for sub in kind.__subclasses__():
            yield sub
            yield from below(sub)

    ours = {kind for kind in below(Module) if kind.__module__.startswith("nn.")}
    assert {kind.type for kind in KINDS.values()} == ours


@pytest.mark.parametrize("name", sorted(set(KINDS) - {"Sequential"}))
def test_every_argument_that_is_not_of_the_beginning_alone_is_written(name):
    at_first = {"seed", "initializer", "label", "nonlin", "output_activation"}
    assert set(KINDS[name].arguments) == set(inspect.signature(KINDS[name].type).parameters) - at_first
