from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value, draw
from autograd.archive.documents import DEEPEST
from nn.models.convolution import Convolution2D
from nn.models.dropout import Dropout
from nn.models.modules import Layer, Module, Neuron
from nn.models.networks import MLP, Sequential
from nn.models.perceptron import Perceptron
from nn.models.pooling import Flatten
from nn.optimization.rules import SGD
from nn.saving import ModelFileError, load, save
from tests.saved_models import bits, data

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and limits of POSIX")


# ---- what can't be written


class Mine(Layer):
    """A layer of one's own."""


def shifted(z: Value) -> Value:
    return z + 1


def itself() -> Sequential:
    model = Sequential(Flatten())
    model.layers.append(model)
    return model


def nested(depth: int) -> Module:
    model: Module = Layer(1, 1)
    for _ in range(depth):
        model = Sequential(model)
    return model


def exchanged(neuron: Neuron) -> Layer:
    layer = Layer(2, 2, "step")
    layer.neurons[1] = neuron
    return layer


def exchanged_in_mlp(part: Neuron | Layer) -> MLP:
    mlp = MLP(2, [2, 2], "step", "step")
    if isinstance(part, Layer):
        mlp.layers[1] = part
    else:
        mlp.layers[1].neurons[1] = part
    return mlp


def exchanged_kernel() -> Convolution2D:
    convolution = Convolution2D(1, 2, 2, "tanh")
    convolution.kernels[1] = Neuron(4, "relu")
    return convolution


def inserted() -> MLP:
    model = MLP(2, [2, 1])
    model.layers.insert(1, Dropout(0.5))  # type: ignore[arg-type]
    return model


def tied() -> Sequential:
    model = Sequential(Layer(2, 2), Layer(2, 2))
    model.layers[1].neurons = model.layers[0].neurons  # type: ignore[attr-defined]
    return model


def misfit() -> Sequential:
    model = Sequential(Layer(2, 2))
    model.layers.append(Layer(3, 1))
    return model


def often(times: int) -> Module:
    """The same layer, twice in each of so many networks, of which each is in the next."""
    layer = Layer(1, 1)
    model = Sequential(layer)
    for _ in range(times):
        outer = Sequential(Flatten())
        outer.layers = [model, model]
        model = outer
    return model


EXCHANGED = r"save: the model is Layer\(2, 2.* with Neuron\([23], .* in it, which it was not made with"

UNWRITTEN: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "a function": (
        lambda: Sequential(Layer(2, 2), lambda x: x),
        TypeError,
        r"save: layer2 is <function .* \(builtins\.function\), which can't be written; Neuron, Layer, MLP",
    ),
    "a module": (
        lambda: Sequential(Layer(2, 2), Sequential(Mine(2, 1))),
        TypeError,
        r"save: layer2\.layer1 is Layer\(2, 1.* \(tests\.test_nn_saving_writing\.Mine\), which can't be written",
    ),
    "a model": (lambda: Mine(2, 1), TypeError, r"save: the model is Layer\(2, 1"),
    "an activation": (
        lambda: Sequential(Layer(2, 2), Layer(2, 1, shifted)),
        TypeError,
        r"save: activation of layer2 is a function of one's own, shifted, which can't be written; identity, step,",
    ),
    "an activation of an MLP": (
        lambda: MLP(2, [2, 1], shifted),
        TypeError,
        "save: activation of the model is a function of one's own, shifted,",
    ),
    "another activation": (lambda: exchanged(Neuron(2, "relu")), TypeError, EXCHANGED),
    "other inputs": (lambda: exchanged(Neuron(3, "step")), TypeError, EXCHANGED),
    "another bias": (lambda: exchanged(Neuron(2, "step", bias="ones")), TypeError, EXCHANGED),
    "a neuron of another type": (
        lambda: exchanged(Perceptron(2)),
        TypeError,
        r"with Perceptron\(2\) in it, which it was",
    ),
    "a neuron of an MLP": (
        lambda: exchanged_in_mlp(Neuron(2, "relu")),
        TypeError,
        r"is Layer\(2, 2.* with Neuron\(2, .* in",
    ),
    "a layer of another bias": (
        lambda: exchanged_in_mlp(Layer(2, 2, "step", bias="ones")),
        TypeError,
        r"save: the model is an MLP with Layer\(2, 2.* in it, which it was not made with: take a Sequential",
    ),
    "kernels that differ": (
        exchanged_kernel,
        TypeError,
        r"save: the model is Convolution2D.* with Neuron\(4, .* in it,",
    ),
    "a module of one of our names": (
        lambda: type("Layer", (Layer,), {})(2, 1),
        TypeError,
        r"save: the model is Layer\(2, 1.*\(tests\.test_nn_saving_writing\.Layer\), which can't be written",
    ),
    "an MLP of other layers": (inserted, TypeError, r"save: the model is an MLP with Dropout\(0\.5\) in it"),
    "neurons of two layers": (tied, ValueError, "the model has 6 parameters, and its layers 12; only layers that"),
    "what does not fit": (misfit, ValueError, r"could not be read: the model: Layer of 3 inputs got the shape \(2,\)"),
    "itself": (itself, ValueError, "could not be read: layer2 is the \"same as\" a place that ends before it; got ''"),
    "deep": (lambda: nested(DEEPEST // 2), ValueError, f"could not be read: it is nested more than {DEEPEST} deep"),
    "deeper": (lambda: nested(DEEPEST + 2), ValueError, f"save: the model is nested more than {DEEPEST} deep"),
    "too often": (lambda: often(18), ValueError, "could not be read: its layers occur too often: they are more than"),
    "no model": (lambda: [Layer(2, 2)], TypeError, r"save needs a model, such as MLP\(2, \[4, 1\]\); got list"),
    "a picture": (lambda: draw(Value(2.0)), TypeError, "got Picture <.*>; it has a method save of its own$"),
}


@pytest.mark.parametrize(("make", "kind", "words"), UNWRITTEN.values(), ids=UNWRITTEN)
def test_what_could_not_be_loaded_is_refused_before_anything_is_written(file, make, kind, words):
    file.write_text("old")
    with pytest.raises(kind, match=words):
        save(make(), file)
    assert [path.read_text() for path in file.parent.iterdir()] == ["old"]


class Own(SGD):
    """An optimizer of one's own."""


@pytest.mark.parametrize(
    ("make", "kind", "words"),
    [
        (lambda model: Own(model.parameters()), TypeError, r"of the optimizers only SGD, Momentum.* can be written"),
        (lambda model: "adam", TypeError, r"of the optimizers only .*; got 'adam'"),
        (lambda model: SGD([Value(1.0, "x")]), ValueError, r"the optimizer moves x = 1 .*, which is no parameter of"),
    ],
)
def test_an_optimizer_that_could_not_be_loaded_is_refused_before_anything_is_written(file, make, kind, words):
    file.write_text("old")
    model = MLP(1, [1])
    with pytest.raises(kind, match=words):
        save(model, file, make(model))
    assert [path.read_text() for path in file.parent.iterdir()] == ["old"]


@pytest.mark.parametrize("depth", [1, DEEPEST // 2 - 2])
def test_networks_may_be_nested(file, depth):
    save(nested(depth), file)
    assert repr(load(file)) == repr(nested(depth))


def test_what_is_refused_is_told_in_a_line_however_large(file):
    with pytest.raises(TypeError, match="got list") as caught:
        save([0.0] * 10_000, file)  # type: ignore[arg-type]
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("file", [None, 3, b"model.json"])
def test_a_path_that_is_none_is_refused(file):
    for act, name in ((lambda: save(MLP(1, [1]), file), "save"), (lambda: load(file), "load")):
        with pytest.raises(TypeError, match=rf"^{name} needs a path, such as 'model\.json'; got {type(file).__name__}"):
            act()


# ---- whole or not at all


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", ".1234.part")


def interrupted(*_: Any) -> None:
    raise KeyboardInterrupt


def test_a_path_may_be_a_text_or_a_path(file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save(MLP(1, [1], seed=1), "model.json")
    assert bits(data(load(file))) == bits(data(load("model.json"))) == bits(data(MLP(1, [1], seed=1)))


def test_a_file_that_is_there_is_replaced_and_nothing_else_is_left(file):
    file.write_text("old, and longer than the new one" * 1000)
    save(MLP(1, [1]), file)
    assert [path.name for path in file.parent.iterdir()] == ["model.json"]
    assert repr(load(file)) == repr(MLP(1, [1]))


def test_who_reads_meanwhile_finds_the_old_file(file, monkeypatch):
    file.write_text("old")
    seen = []
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda *paths: (seen.append(file.read_text()), replace(*paths)))
    save(MLP(1, [1]), file)
    assert seen == ["old"]


@pytest.mark.parametrize("place", [(os, "replace"), (os, "fsync"), (shutil, "copymode")], ids=lambda place: place[1])
@pytest.mark.parametrize(("failure", "error"), [(full, OSError), (interrupted, KeyboardInterrupt)])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(file, monkeypatch, place, failure, error):
    file.write_text("old")
    monkeypatch.setattr(*place, failure)
    with pytest.raises(error) as caught:
        save(MLP(1, [1]), file)
    assert [path.read_text() for path in file.parent.iterdir()] == ["old"]
    if error is OSError:
        assert str(caught.value) == f"[Errno {errno.ENOSPC}] No space left on device: {str(file)!r}"


@posix
def test_a_disk_that_is_full_in_the_middle_leaves_the_old_file_and_nothing_else(file):
    import resource

    file.write_text("old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(OSError, match=r"model\.json"):
            save(MLP(10, [10]), file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.read_text() for path in file.parent.iterdir()] == ["old"]


def test_a_missing_folder_is_an_error_that_names_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder .*models.* to save 'model\.json' in: make it first"):
        save(MLP(1, [1]), tmp_path / "models" / "model.json")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_an_error_and_stays(file):
    file.mkdir()
    with pytest.raises(FileExistsError, match=r"model\.json' is there, and is no file that could be replaced"):
        save(MLP(1, [1]), file)
    with pytest.raises(ModelFileError, match="it is a folder, a device or a pipe"):
        load(file)
    assert [path.name for path in file.parent.iterdir()] == ["model.json"]


@posix
def test_a_pipe_is_neither_replaced_nor_waited_for(file):
    os.mkfifo(file)
    with pytest.raises(FileExistsError, match="is no file that could be replaced"):
        save(MLP(1, [1]), file)
    with pytest.raises(ModelFileError, match="it is a folder, a device or a pipe"):
        load(file)
    assert stat.S_ISFIFO(file.stat().st_mode)


@posix
def test_a_link_stays_a_link_to_the_new_file(file, tmp_path):
    (tmp_path / "folder").mkdir()
    target = tmp_path / "folder" / "first.json"
    target.write_text("old")
    file.symlink_to(target)
    save(MLP(1, [1]), file)
    assert file.is_symlink()
    assert repr(load(target)) == repr(MLP(1, [1]))


@posix
def test_a_file_gets_the_permissions_of_any_new_file(file):
    (file.parent / "any").touch()
    save(MLP(1, [1]), file)
    assert file.stat().st_mode == (file.parent / "any").stat().st_mode


@posix
def test_a_new_file_in_the_place_of_an_old_one_has_its_permissions(file):
    file.touch()
    file.chmod(0o600)
    save(MLP(1, [1]), file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
