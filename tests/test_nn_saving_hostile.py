from __future__ import annotations

import json
import math
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.archive.documents import DEEPEST, data_of, text_of
from nn.models.networks import MLP
from nn.saving import ModelFileError, load, load_optimizer, save
from nn.saving.architectures import UNCOUNTED, Plan
from nn.saving.kinds import KINDS
from tests.hostile_labels import HOSTILE
from tests.memory import needed
from tests.mutations import ANYTHING, mutated
from tests.saved_models import TEXT, bits, changed, data

FUZZED = 500
ROOM = 3_000_000  # bytes that a small file may need while it is read

LAYER = {"type": "Layer", "n_inputs": 2, "n_outputs": 2, "activation": "tanh", "bias": True}
LAYERS = "architecture/layers"


# ---- damaged

DAMAGED: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", r"Expecting value: line 1 column 1 \(char 0\)"),
    "cut": (TEXT[:300], "Expecting|Unterminated"),
    "two": (TEXT + TEXT, "Extra data"),
    "not UTF-8": (b"\xff\xfe" + TEXT.encode(), "'utf-8' codec can't decode byte 0xff in position 0"),
    "a list": ("[]", 'it has not the format "cadena model"'),
    "another format": ('{"format": "x"}', 'it has not the format "cadena model"'),
    "NaN": (TEXT.replace('"nan"', "NaN"), "row 2 of parameters needs a number that a float can hold, or .*; got nan"),
    "infinity": (
        TEXT.replace('"-inf"', "-Infinity"),
        "row 2 of parameters needs a number that a float can hold, or .*; got -inf",
    ),
    "a huge float": (
        TEXT.replace("1e+300", "1e+309"),
        "row 2 of parameters needs a number that a float can hold, or .*; got inf",
    ),
    "a huge whole number": (TEXT.replace("1e+300", "1" * 399), "row 2 of parameters needs a number that a float can"),
    "a number of too many digits": (
        TEXT.replace("1e+300", "1" * 401),
        "row 2 of parameters needs a number .*; got inf",
    ),
    "inputs of too many digits": (
        TEXT.replace("2,", "1" * 5000 + ","),
        "n_inputs of layer1 needs a whole number.*; got inf",
    ),
    "deep": (TEXT.replace("0.25", "[" * 100_000), f"it is nested more than {DEEPEST} deep"),
    "deep objects": (TEXT.replace("0.25", '{"":' * 100_000), f"it is nested more than {DEEPEST} deep"),
    "deep behind a quote": ('{"a\\"": ' + "[" * 100_000, f"it is nested more than {DEEPEST} deep"),
    "a key twice": (TEXT.replace('"version"', '"version": 1, "version"'), "the key 'version' is there twice"),
    "a newer version": (changed("version", 2), "it was written by a newer version, as version 2; known are up to 1"),
    "no version": (changed("version", "1"), "its version needs a whole number >= 1; got '1'"),
    "a true version": (changed("version", True), "its version needs a whole number >= 1; got True"),
    "version 0": (changed("version", 0), "its version needs a whole number >= 1; got 0"),
    "a missing key": (TEXT.replace('"parameters": [\n    [', '"parametres": [\n    ['), "it needs parameters; got "),
    "an unknown key": (changed("comment", ""), "it has format, .*, and no 'comment'"),
    "an architecture of text": (changed("architecture", "MLP"), "the model needs an object with a type; got 'MLP'"),
    "no layers": (changed(LAYERS, []), "the model: Sequential needs at least one layer; got 0|parameters needs 0 rows"),
    "layers of text": (changed(LAYERS, "xy"), "layers of the model needs a list; got 'xy'"),
    "an unknown module": (changed(f"{LAYERS}/1/type", "os.system"), "layer2 needs a type, of Neuron.*; got 'os.sys"),
    "a module of no name": (changed(f"{LAYERS}/1/type", ["Layer"]), r"layer2 needs a type, of .*; got \['Layer'\]"),
    "the class of all": (changed(f"{LAYERS}/1/type", "Module"), "layer2 needs a type, of Neuron.*; got 'Module'"),
    "a missing argument": (changed(f"{LAYERS}/1", {"type": "Dropout"}), r"layer2, Dropout, needs p; got \['type'\]"),
    "an unknown argument": (
        changed(f"{LAYERS}/1", {"type": "Dropout", "p": 0.5, "seed": 1}),
        "layer2, Dropout, has type, p, and no 'seed'",
    ),
    "p out of range": (changed(f"{LAYERS}/1/p", 1.0), r"layer2: p of Dropout needs a number >= 0 and < 1; got 1\.0"),
    "a huge p": (changed(f"{LAYERS}/1/p", 10**350), "p of layer2 needs a number that a float can hold"),
    "a p that is no number": (TEXT.replace("0.25", "NaN"), "p of layer2 needs a number that a float can hold.*; got n"),
    "a true p": (changed(f"{LAYERS}/1/p", True), "p of layer2 needs a number.*; got True"),
    "inputs of a fraction": (changed(f"{LAYERS}/0/n_inputs", 2.0), r"n_inputs of layer1 needs a whole number >= 1; g"),
    "true inputs": (changed(f"{LAYERS}/0/n_inputs", True), "n_inputs of layer1 needs a whole number >= 1; got True"),
    "no inputs": (changed(f"{LAYERS}/0/n_inputs", 0), "n_inputs of layer1 needs a whole number >= 1; got 0"),
    "negative": (
        changed(f"{LAYERS}/0", {**LAYER, "n_inputs": -4, "n_outputs": -2}),
        "n_inputs of layer1 needs a whole number >= 1; got -4",
    ),
    "an unknown activation": (
        changed(f"{LAYERS}/0/activation", "eval"),
        "activation of layer1 needs an activation, of identity, .*, LeakyReLU with its alpha; got 'eval'",
    ),
    "an activation of a list": (
        changed(f"{LAYERS}/0/activation", []),
        r"activation of layer1 needs an activation, of .*; got \[\]",
    ),
    "a leak of text": (
        changed(f"{LAYERS}/3/activation/0/alpha", "x"),
        "activation of layer4 needs a number .*; got 'x'",
    ),
    "an infinite leak": (
        changed(f"{LAYERS}/3/activation/0/alpha", "inf"),
        "activation of layer4 LeakyReLU needs a finite alpha; got inf",
    ),
    "a bias of 1": (changed(f"{LAYERS}/0/bias", 1), 'bias of layer1 needs true, false or "ones"; got 1'),
    "sizes of text": (changed(f"{LAYERS}/3/sizes", "1"), "sizes of layer4 needs a list; got '1'"),
    "activations for more layers": (
        changed(f"{LAYERS}/3/activation", ["relu", "relu"]),
        "layer4: MLP needs one activation for each of 1 layers",
    ),
    "the same as itself": (
        changed(f"{LAYERS}/2/same as", "layer3"),
        'layer3 is the "same as" a place that ends before it; got',
    ),
    "the same as the whole": (
        changed(f"{LAYERS}/2/same as", ""),
        'layer3 is the "same as" a place that ends before it; got',
    ),
    "the same and more": (changed(f"{LAYERS}/2/type", "Layer"), "layer3, Layer, needs n_inputs, n_outputs, activation"),
    "the same as a number": (
        changed(f"{LAYERS}/2/same as", 1),
        'layer3 is the "same as" a place that ends before it; got 1',
    ),
    "what does not fit": (
        changed(LAYERS, [{**LAYER, "n_outputs": 1}, {**LAYER, "n_outputs": 1}]).replace('"-inf"', '"-inf", 1'),
        "parameters needs 2 rows|the model: Layer of 2 inputs got the shape",
    ),
    "no rows": (changed("parameters", 3), "parameters needs 3 rows, one for each neuron; got 3"),
    "a row too few": (changed("parameters", [[1, 2, 3]] * 2), "parameters needs 3 rows, one for each neuron; got 2"),
    "a row too many": (changed("parameters", [[1, 2, 3]] * 4), "parameters needs 3 rows, one for each neuron; got 4"),
    "a short row": (changed("parameters/1", [1.0, 2.0]), "row 2 of parameters needs 3 numbers; got 2"),
    "a long row": (changed("parameters/2", [1.0] * 4), "row 3 of parameters needs 3 numbers; got 4"),
    "a row of text": (changed("parameters/1", "123"), "row 2 of parameters needs a list of numbers; got '123'"),
    "a true number": (changed("parameters/1/1", True), 'row 2 of parameters needs a number .*, or "nan", .*; got True'),
    "a number in quotes": (changed("parameters/1/1", "1.0"), r"row 2 of parameters needs a number .*; got '1\.0'"),
    "another word for infinity": (changed("parameters/1/1", "Infinity"), "row 2 of parameters .*; got 'Infinity'"),
    "null": (changed("parameters/1/1", None), "row 2 of parameters needs a number .*; got None"),
}


@pytest.mark.parametrize(("content", "words"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_one_error_that_names_it_and_says_what_is_wrong(file, content, words):
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ModelFileError, match=rf"model\.json' can't be read as a model: ({words})"):
        load(file)


STATE = "optimizer/state"

DAMAGED_OPTIMIZERS: dict[str, tuple[str, str]] = {
    "null": (changed("optimizer", None), "it was saved without an optimizer"),
    "text": (changed("optimizer", "SGD"), "optimizer needs an object; got 'SGD'"),
    "a missing key": (changed("optimizer", {"state": {}}), r"optimizer needs parameters; got \['state'\]"),
    "an unknown key": (changed("optimizer/x", 1), "optimizer has parameters, state, and no 'x'"),
    "a state of text": (changed(STATE, "SGD"), "optimizer needs a state with a class, of SGD, .*; got 'SGD'"),
    "an unknown class": (changed(f"{STATE}/class", "os"), "optimizer needs a state with a class, of SGD.*; got 'os'"),
    "a class of a list": (changed(f"{STATE}/class", ["SGD"]), r"optimizer needs a state with a class.*; got \['SGD'\]"),
    "another class": (changed(f"{STATE}/class", "Adam"), "the hyperparameters of Adam needs"),
    "no places": (changed("optimizer/parameters", []), 'parameters of optimizer needs "all" or a list of different'),
    "a place too far": (changed("optimizer/parameters", [0, 9]), 'needs "all" or a list of different places below 9'),
    "a negative place": (changed("optimizer/parameters", [0, -1]), 'needs "all" or a list of different places below 9'),
    "a place twice": (changed("optimizer/parameters", [0, 0]), 'needs "all" or a list of different places below 9'),
    "a true place": (changed("optimizer/parameters", [0, True]), 'needs "all" or a list of different places below 9'),
    "places in quotes": (changed("optimizer/parameters", ["0"]), 'needs "all" or a list of different places below 9'),
    "all": (changed("optimizer/parameters", "all"), r"v of Momentum needs an array of shape \(9,\)"),
    "a rate below 0": (changed(f"{STATE}/lr", -1), r"lr of Momentum needs a positive, finite number; got -1\.0"),
    "a rate that is no number": (TEXT.replace('"lr": 0.1', '"lr": NaN'), "needs a positive, finite number; got nan"),
    "an infinite rate": (TEXT.replace('"lr": 0.1', '"lr": 1e999'), "needs a positive, finite number; got inf"),
    "an infinite number of steps": (TEXT.replace('"steps": 3', '"steps": 1e999'), "needs a whole number; got inf"),
    "an unknown schedule": (changed(f"{STATE}/lr/class", "exec"), "lr of Momentum needs a schedule of the class"),
    "a schedule of text": (changed(f"{STATE}/lr/every", "2"), "as a whole number; got str '2'"),
    "no moments": (changed(f"{STATE}/moments", 1), "moments of optimizer needs an object; got 1"),
    "a moment of text": (changed(f"{STATE}/moments/v", "12"), "'v' of optimizer needs a list of numbers; got '12'"),
    "a moment too short": (changed(f"{STATE}/moments/v", [1.0]), r"v of Momentum needs an array of shape \(2,\)"),
    "an unknown moment": (changed(f"{STATE}/moments/u", []), "the moments of Momentum has v, and no 'u'"),
    "counts of fractions": (
        changed(f"{STATE}/counts", [3.0, 3.0]),
        "counts of optimizer needs a list of whole numbers",
    ),
    "true counts": (changed(f"{STATE}/counts", [3, True]), "counts of optimizer needs a list of whole numbers"),
    "counts of texts": (changed(f"{STATE}/counts", ["3" * 10**6, *["3"] * 10**4]), "counts of optimizer needs a list"),
    "counts of text": (changed(f"{STATE}/counts", "33"), "counts of optimizer needs a list of whole numbers; got '33'"),
    "no counts": (changed(f"{STATE}/counts", None), "counts of optimizer needs a list of whole numbers; got None"),
    "too many counts": (changed(f"{STATE}/counts", [3] * 3), r"counts of Momentum needs an array of shape \(2,\)"),
    "huge counts": (changed(f"{STATE}/counts", [3, 10**300]), "counts of Momentum needs whole numbers"),
    "steps of text": (changed(f"{STATE}/steps", "3"), "steps of Momentum needs a whole number; got '3'"),
    "huge steps": (changed(f"{STATE}/steps", 10**390), ""),
}


@pytest.mark.parametrize(("content", "words"), DAMAGED_OPTIMIZERS.values(), ids=DAMAGED_OPTIMIZERS)
def test_a_damaged_optimizer_is_one_error_and_the_model_can_still_be_loaded(file, content, words):
    file.write_text(content, encoding="utf-8")
    model = load(file)
    before = bits(data(model))
    with pytest.raises(ModelFileError, match=rf"model\.json' can't be read as a model: .*{words}"):
        load_optimizer(file, model.parameters())
    assert bits(data(model)) == before


def test_a_file_that_is_not_there_is_the_error_of_python(file):
    with pytest.raises(FileNotFoundError, match=r"model\.json"):
        load(file)


def test_a_file_of_too_many_bytes_is_refused_and_one_of_as_many_as_allowed_is_read(file):
    file.write_text(TEXT, encoding="utf-8")
    size = len(TEXT)
    assert len(data(load(file, max_bytes=size))) == 9
    for act in (load, lambda file, max_bytes: load_optimizer(file, [], max_bytes=max_bytes)):
        with pytest.raises(ModelFileError, match=f"it has {size:,} bytes, and max_bytes is {size - 1:,}"):
            act(file, max_bytes=size - 1)


CONVOLUTION = {"type": "Convolution2D", "n_channels": 1, "n_kernels": 1, "size": [1, 1], "activation": "relu"}
CONVOLUTION |= {"bias": True, "stride": [1, 1], "padding": [0, 0]}


@pytest.mark.parametrize(
    ("name", "wrong", "words"),
    [
        ("size", 2, "size of the model needs a list of two, rows and columns; got 2"),
        ("size", [1, 1, 1], r"size of the model needs a list of two, rows and columns; got \[1, 1, 1\]"),
        ("stride", [0, 1], "stride of the model needs a whole number >= 1; got 0"),
        ("padding", [0, -1], "padding of the model needs a whole number >= 0; got -1"),
        ("bias", "ones", "bias of the model needs true or false; got 'ones'"),
        ("activation", "softmax", "the model: .*softmax"),
    ],
)
def test_a_convolution_is_read_as_strictly(file, name, wrong, words):
    architecture = {**CONVOLUTION, name: wrong}
    file.write_text(json.dumps({**json.loads(TEXT), "architecture": architecture, "parameters": [[1.0, 2.0]]}))
    with pytest.raises(ModelFileError, match=words):
        load(file)


HUGE: dict[str, dict[str, Any]] = {
    "inputs": {"type": "Neuron", "n_inputs": 10**9, "activation": "relu", "bias": False},
    "outputs": {**LAYER, "n_outputs": 10**9},
    "both": {**LAYER, "n_inputs": 10**200, "n_outputs": 10**200},
    "an MLP": {"type": "MLP", "n_inputs": 1, "sizes": [1, 10**9, 1], "activation": ["relu"] * 3, "bias": True},
    "channels": {**CONVOLUTION, "n_channels": 10**9},
    "kernels": {**CONVOLUTION, "n_kernels": 10**9},
    "size": {**CONVOLUTION, "size": [10**5, 10**5]},
    "a perceptron": {"type": "Perceptron", "n_inputs": 10**9},
}


@pytest.mark.parametrize("claimed", HUGE.values(), ids=HUGE)
@pytest.mark.parametrize("wrapped", [False, True])
def test_what_is_claimed_is_counted_before_it_is_given_room(file, claimed, wrapped):
    architecture = {"type": "Sequential", "layers": [claimed]} if wrapped else claimed
    file.write_text(json.dumps({**json.loads(TEXT), "architecture": architecture, "parameters": [[1.0, 2.0]]}))

    def refused():
        with pytest.raises(ModelFileError, match=r"parameters needs 1(000|\.\.\.).* numbers|parameters needs 1.* rows"):
            load(file)

    assert needed(refused).peak < ROOM


def test_layers_that_occur_in_layers_that_occur_are_counted_before_they_are_gone_through(file):
    """Each line doubles the one before it: what could be gone through would take for ever."""
    layers: list[Any] = [{"type": "Flatten"}]
    for number in range(1, 64):
        again = {"same as": f"layer{number}"}
        layers.append({"type": "Sequential", "layers": [again, again]})
    architecture = {"type": "Sequential", "layers": layers}
    file.write_text(json.dumps({**json.loads(TEXT), "architecture": architecture, "parameters": []}))
    with pytest.raises(
        ModelFileError, match="its layers occur too often: they are more than 1000000 modules and parameters"
    ):
        load(file)


def test_sizes_that_no_memory_holds_are_not_counted():
    plan = Plan(KINDS["Flatten"], {}, [], "")
    for _ in range(90):
        plan = Plan(KINDS["Sequential"], {}, [plan, plan], "")
    assert plan.size == UNCOUNTED


@pytest.mark.parametrize("label", [*HOSTILE, "__import__('os').system('x')", "../../etc/passwd", "x" * 1_000_000])
def test_hostile_words_are_text(file, label):
    own = {"class": "own", "name": label}
    places: dict[str, Any] = dict.fromkeys((f"{LAYERS}/1/type", f"{LAYERS}/0/activation", f"{LAYERS}/2/same as"), label)
    for place, new in {**places, f"{STATE}/class": label, f"{STATE}/lr": own, f"{STATE}/lr/class": label}.items():
        file.write_text(changed(place, new), encoding="utf-8")
        with pytest.raises(ModelFileError) as caught:
            load_optimizer(file, load(file).parameters())
        assert len(str(caught.value)) < 1_000
        assert str(caught.value).isprintable()


@pytest.mark.parametrize("key", [*(key for key in HOSTILE if "/" not in key), "x" * 1_000_000])
def test_hostile_keys_are_text(file, key):
    for place in ("", f"{LAYERS}/1/", "optimizer/", f"{STATE}/", f"{STATE}/lr/", f"{STATE}/moments/"):
        file.write_text(changed(f"{place}{key}", []), encoding="utf-8")
        with pytest.raises(ModelFileError) as caught:
            load_optimizer(file, load(file).parameters())
        assert len(str(caught.value)) < 1_000
        assert str(caught.value).isprintable()


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_written_to_do_harm_do_none(file, label):
    model = MLP(1, [1], seed=1)
    for parameter in model.parameters():
        parameter.label = label
    save(model, file)
    assert bits(data(load(file))) == bits(data(model))


# ---- fuzz

OTHERS: list[Any] = [*ANYTHING, "layer1"]


def test_mutated_files_are_read_as_valid_models_or_refused_with_one_exception(file, tmp_path):
    """Any other exception fails; so does a model that can't be saved and loaded again."""
    random, scratch = Random(0), tmp_path / "again.json"
    file.write_text(TEXT, encoding="utf-8")
    valid = load(file)
    models, optimizers = [], []
    for number in range(FUZZED):
        file.write_bytes(mutated(TEXT, random, OTHERS, number))
        with suppress(ModelFileError):
            models.append(load(file))
            save(models[-1], scratch)
            assert bits(data(load(scratch))) == bits(data(models[-1]))
        with suppress(ModelFileError):
            optimizers.append(load_optimizer(file, valid.parameters()))
    assert 0 < len(optimizers) < len(models) < FUZZED
    assert all(len(optimizer.state_dict()["counts"]) == len(optimizer.parameters) for optimizer in optimizers)


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_with_one_exception(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "any.json"
    file.write_bytes(content)
    with pytest.raises(ModelFileError):
        load(file)


# ---- JSON

finite = st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | finite | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(plain)
def test_plain_data_is_written_as_json_and_read_back(whole):
    text = text_of(whole)
    assert repr(json.loads(text)) == repr(whole)
    assert repr(data_of(text.encode())) == repr(whole)


@pytest.mark.parametrize("x", [math.nan, math.inf])
def test_what_json_does_not_have_is_not_written(x):
    with pytest.raises(ValueError, match="not JSON compliant"):
        text_of([[x], x])


@pytest.mark.parametrize("depth", [DEEPEST, DEEPEST + 1])
def test_the_deepest_that_is_read_is_stated(depth):
    content = b"[" * depth + b"]" * depth
    if depth > DEEPEST:
        with pytest.raises(ValueError, match=f"nested more than {DEEPEST} deep"):
            data_of(content)
    else:
        assert text_of(data_of(content)).split() == [*"[" * (depth - 1), "[]", *"]" * (depth - 1)]


def test_brackets_in_texts_do_not_nest():
    content = json.dumps(['[{"\\' * 10_000, "\\", '"[']).encode()
    assert data_of(content) == json.loads(content)
