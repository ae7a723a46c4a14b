"""Programs as they are written for micrograd, run here with nothing changed but their import lines.

A program leaves its numbers in `results`. They are compared with numbers that micrograd 0.1.0 gave, and with micrograd
itself where it is installed. The programs of the second group use functions that only later versions of micrograd,
and the lecture about it, have.
"""

from __future__ import annotations

from typing import Any

import pytest

# Two orders of summation: micrograd starts a neuron's sum with the bias, we add it last.
ROUNDING = 1e-12

# The differences of the orders of summation, carried through 20 steps of training.
TRAINED = 1e-9

OUR_IMPORTS = {
    "from micrograd.engine import Value": "from autograd import Value",
    "from micrograd import nn": "import nn",
    "from micrograd.nn import": "from nn import",
}

README = """
from micrograd.engine import Value

a = Value(-4.0)
b = Value(2.0)
c = a + b
d = a * b + b**3
c += c + 1
c += 1 + c + (-a)
d += d * 2 + (b + a).relu()
d += 3 * d + (b - a).relu()
e = c - d
f = e**2
g = f / 2.0
g += 10.0 / f
g.backward()
results = [g.data, a.grad, b.grad]
"""

EVERY_OPERATOR = """
from micrograd.engine import Value

x, y = Value(1.5), Value(-0.5)
z = 2 * x + x * 3 - 1 - y + (4 - y) / x + 6 / x - -y + y**2 + x**-1 + (x * y).relu() + sum([x, y])
z = z + x ** 0.5 + y ** 3
z.backward()
results = [z.data, x.grad, y.grad, z.grad]
"""

TRACE = """
from micrograd.engine import Value

def trace(root):
    nodes, edges = set(), set()
    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)
    build(root)
    return nodes, edges

a, b, c = Value(2.0), Value(-3.0), Value(10.0)
e = a * b
d = e + c
f = d * e
f.backward()
nodes, edges = trace(f)
uid = {str(id(n)): n for n in nodes}
ops = sorted(n._op for n in nodes if n._op)
results = [len(nodes), len(edges), len(uid), ops == ['*', '*', '+']]
results += sorted(n.data for n in nodes) + sorted(n.grad for n in nodes)
results += sorted(child.data * v.data for child, v in edges)
"""

PARTS = """
import random
from micrograd.engine import Value
from micrograd.nn import Neuron, Layer, MLP

def fill(module, rng=random.Random(3)):
    for p in module.parameters():
        p.data = rng.uniform(-1, 1)

x = [Value(1.0), Value(-2.0)]
neuron, linear, plain = Neuron(2), Neuron(2, nonlin=False), Neuron(2, False)
layer, one, model = Layer(2, 3, nonlin=True), Layer(2, 1, nonlin=False), MLP(2, [4, 4, 1])
for module in (neuron, linear, plain, layer, one, model):
    fill(module)
results = [neuron(x).data, linear(x).data, plain(x).data, one(x).data]
results += [out.data for out in layer(x)]
results += [len(layer.neurons), len(model.layers), len(model.parameters()), len(model.layers[1].neurons[2].w)]
results += [w.data for w in linear.w] + [linear.b.data]
results += [linear(x).data - sum((wi*xi for wi, xi in zip(linear.w, x)), linear.b).data < 1e-15]
y = model(x) * model([3.0, 0.5])
y.backward()
results += [p.grad for p in model.parameters()] + [xi.grad for xi in x]
model.zero_grad()
results += [sum(p.grad for p in model.parameters())]
"""

SUBCLASS = """
from micrograd.engine import Value
from micrograd.nn import Module, Layer

class Residual(Module):
    def __init__(self, n):
        self.inner = Layer(n, n)
        self.scale = Value(0.5)

    def __call__(self, x):
        return [xi + self.scale * yi for xi, yi in zip(x, self.inner(x))]

    def parameters(self):
        return self.inner.parameters() + [self.scale]

block = Residual(2)
for i, p in enumerate(block.inner.parameters()):
    p.data = 0.3 * i - 0.2
out = sum(block(block([1.0, 2.0])))
out.backward()
results = [out.data] + [p.grad for p in block.parameters()]
block.zero_grad()
results += [p.grad for p in block.parameters()]
"""

REGRESSION = """
from micrograd.nn import MLP

xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
ys = [1.0, -1.0, -1.0, 1.0]
n = MLP(3, [4, 4, 1])
for i, p in enumerate(n.parameters()):
    p.data = ((7 * i) % 11 - 5) / 8

results = []
for k in range(20):
    ypred = [n(x) for x in xs]
    loss = sum((yout - ygt)**2 for ygt, yout in zip(ys, ypred))
    for p in n.parameters():
        p.grad = 0
    loss.backward()
    for p in n.parameters():
        p.data += -0.01 * p.grad
    results.append(loss.data)
results += [y.data for y in ypred]
"""

MOONS = """
import math, random
import numpy as np
from micrograd.engine import Value
from micrograd import nn

rng = random.Random(1337)
X, y = [], []
for i in range(40):
    t, label = math.pi * rng.random(), i % 2
    point = (1 - math.cos(t), 0.5 - math.sin(t)) if label else (math.cos(t), math.sin(t))
    X.append([coordinate + rng.gauss(0, 0.1) for coordinate in point])
    y.append(2 * label - 1)
X, y = np.array(X), np.array(y)

model = nn.MLP(2, [8, 8, 1])
for p in model.parameters():
    p.data = rng.uniform(-1, 1)

def loss(batch_size=None):
    if batch_size is None:
        Xb, yb = X, y
    else:
        ri = rng.sample(range(len(X)), batch_size)
        Xb, yb = X[ri], y[ri]
    inputs = [list(map(Value, xrow)) for xrow in Xb]
    scores = list(map(model, inputs))
    losses = [(1 + -yi*scorei).relu() for yi, scorei in zip(yb, scores)]
    data_loss = sum(losses) * (1.0 / len(losses))
    alpha = 1e-4
    reg_loss = alpha * sum((p*p for p in model.parameters()))
    total_loss = data_loss + reg_loss
    accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(yb, scores)]
    return total_loss, sum(accuracy) / len(accuracy)

results = []
for k in range(20):
    total_loss, acc = loss(None if k % 2 else 25)
    model.zero_grad()
    total_loss.backward()
    learning_rate = 0.5 - 0.4*k/20
    for p in model.parameters():
        p.data -= learning_rate * p.grad
    results += [total_loss.data, acc]
"""

PROGRAMS = {
    "readme": README,
    "every operator": EVERY_OPERATOR,
    "trace": TRACE,
    "parts of nn": PARTS,
    "subclass": SUBCLASS,
    "regression": REGRESSION,
    "moons": MOONS,
}

# The last numbers that micrograd 0.1.0 leaves in `results`.
MICROGRAD_GAVE = {
    "readme": [24.70408163265306, 138.8338192419825, 645.5772594752186],
    "every operator": [16.516411538058254, 1.2971371793527524, 0.08333333333333348, 1.0],
    "trace": [6, 6, 6, 1, -24, -6, -3, 2, 4, 10, -6, -6, -4, -2, 1, 6, -96, -24, -12, 18, 40, 144],
    "parts of nn": [
        2.690370787404164,
        2.126087533531793,
        0.7845308505647313,
        15.646927431076675,
        6.476349200207224,
        -0.8843423619570093,
        -2.086958642084292,
        0.0,
    ],
    "subclass": [8.55, 1.225, 3.25, 1.125, 1.375, 3.55, 1.275, 13.4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    "regression": [
        2.026840007520324,
        1.9706315853894933,
        0.4895151734795265,
        -0.20861713468239157,
        -0.12025353960410705,
        0.4434066536649538,
    ],
    "moons": [0.1289112072183127, 0.95, 0.03135962401854964, 1.0, 0.13164744339924822, 0.95],
}

LECTURE_NEURON = """
from micrograd.engine import Value

x1, x2 = Value(2.0, label='x1'), Value(0.0, label='x2')
w1, w2 = Value(-3.0, label='w1'), Value(1.0, label='w2')
b = Value(6.8813735870195432, label='b')
x1w1 = x1 * w1; x1w1.label = 'x1*w1'
x2w2 = x2 * w2; x2w2.label = 'x2*w2'
n = x1w1 + x2w2 + b; n.label = 'n'
"""

BY_TANH = LECTURE_NEURON + "o = n.tanh(); o.label = 'o'\n"
BY_EXP = LECTURE_NEURON + "e = (2 * n).exp()\no = (e - 1) / (e + 1)\n"
ANSWERS = "o.backward()\nresults = [o.data, n.grad, b.grad, x1.grad, w1.grad, x2.grad, w2.grad]\n"


def run(program: str) -> list[Any]:
    names: dict[str, Any] = {}
    exec(program, names)
    results: list[Any] = names["results"]
    return results


def run_here(program: str) -> list[Any]:
    for theirs, ours in OUR_IMPORTS.items():
        program = program.replace(theirs, ours)
    assert "micrograd" not in program
    return run(program)


def tolerance(name: str) -> float:
    return TRAINED if name in {"regression", "moons"} else ROUNDING


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_gives_the_numbers_that_micrograd_gives(name):
    pytest.importorskip("micrograd")
    assert run_here(PROGRAMS[name]) == pytest.approx(run(PROGRAMS[name]), rel=tolerance(name), abs=0)


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_gives_the_numbers_that_micrograd_gave(name):
    expected = MICROGRAD_GAVE[name]
    assert run_here(PROGRAMS[name])[-len(expected) :] == pytest.approx(expected, rel=tolerance(name), abs=0)


def test_readme_of_micrograd_prints_what_it_says():
    assert [f"{result:.4f}" for result in run_here(README)] == ["24.7041", "138.8338", "645.5773"]


@pytest.mark.parametrize("program", [BY_TANH, BY_EXP])
def test_neuron_of_the_lecture_by_tanh_and_by_exp(program):
    expected = [0.5**0.5, 0.5, 0.5, -1.5, 1.0, 0.5, 0.0]
    assert run_here(program + ANSWERS) == pytest.approx(expected, rel=ROUNDING, abs=0)


def test_training_on_the_moons_learns_them():
    first_loss, _, *_, last_loss, accuracy = run_here(MOONS)
    assert last_loss < first_loss / 5
    assert accuracy >= 0.95
