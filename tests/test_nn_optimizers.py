from __future__ import annotations

import copy
import json
import math
from fractions import Fraction
from itertools import accumulate, repeat

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import StaleGraph, Value, grad
from nn import MLP, SGD, half_squared_error
from nn.optimization.rules import (
    OPTIMIZERS,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
    optimizer_of,
)
from nn.optimization.schedules import Cosine, StepDecay

ROUNDING = 1e-12  # relative, as the documents' numbers are to be met; of trajectories, of the largest |p| on the way
PRINTED = 5e-14  # relative: true descent was computed with 50 digits and printed with 15
SIX_DIGITS = 5e-6  # relative: as the erratum prints its ratios

DIGITS = 50
STEPS = 100
SEEDS = (0, 1, 2)

KINDS = list(OPTIMIZERS.values())

every_kind = pytest.mark.parametrize("kind", KINDS, ids=OPTIMIZERS)
finite = st.floats(allow_nan=False, allow_infinity=False)
moderate = st.floats(-1e3, 1e3)
histories = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(moderate, min_size=n, max_size=n), min_size=2, max_size=6)
)
"""The numbers of the parameters, and then the gradients of each step."""


def apartment() -> MLP:
    """The network of document 000, a chain of two neurons."""
    model = MLP(1, [1, 1])
    model.layers[0].set_weights([[0.5]], [0.1])
    model.layers[1].set_weights([[0.4]], [0.2])
    return model


def with_gradients(data: list[float], gradients: list[float]) -> list[Value]:
    values = [Value(number) for number in data]
    for value, gradient in zip(values, gradients):
        value.grad = gradient
    return values


def computed(values: list[Value], gradients: list[float | None]) -> None:
    """Gradients as `backward` gives them, 0 included; none where there is no number."""
    for value in values:
        value.grad = 0.0
    for value, gradient in zip(values, gradients):
        if gradient is not None:
            (value * gradient).backward()


def trained(optimizer: Optimizer, gradients: list[list[float | None]]) -> list[list[float]]:
    """The numbers of the parameters after each step with the given gradients."""
    path = []
    for line in gradients:
        computed(optimizer.parameters, line)
        optimizer.step()
        path.append([parameter.data for parameter in optimizer.parameters])
    return path


def same(x: list[float], y: list[float]) -> bool:
    """To the last bit; NaN is NaN."""
    return np.array_equal(np.array(x), np.array(y), equal_nan=True)


# ---- laws


@given(st.lists(st.tuples(finite, finite), min_size=1, max_size=5), st.floats(1e-6, 1e6))
def test_step_is_the_update_of_plain_floats_to_the_last_bit(pairs, lr):
    data, gradients = map(list, zip(*pairs))
    values = with_gradients(data, gradients)
    SGD(values, lr).step()
    expected = [x - lr * g for x, g in pairs]
    assert [value.data for value in values] == pytest.approx(expected, rel=0, abs=0, nan_ok=True)


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3)), min_size=1, max_size=5))
def test_flat_arrays_get_the_same_update_as_values(pairs):
    data, gradients = map(list, zip(*pairs))
    values = with_gradients(data, gradients)
    optimizer = SGD(values, lr=0.3)
    expected = optimizer.updated(np.array(data), np.array(gradients))
    optimizer.step()
    assert [value.data for value in values] == expected.tolist()


def test_updated_leaves_its_arrays_alone():
    data, gradients = np.ones(3), np.ones(3)
    parameters = [Value(0), Value(0), Value(0)]
    assert SGD(parameters, lr=0.5).updated(data, gradients).tolist() == [0.5] * 3
    assert data.tolist() == gradients.tolist() == [1.0] * 3


def test_step_goes_down_the_gradient():
    x = Value(3.0)
    y = (x - 1) ** 2
    y.backward()
    SGD([x], lr=0.1).step()
    assert y.refresh().data < 4
    assert x.data == pytest.approx(3 - 0.1 * 4, rel=ROUNDING)


@every_kind
@given(history=histories)
def test_flat_arrays_and_values_take_the_same_steps_to_the_last_bit(kind, history):
    start, *gradients = history
    data = np.array(start)
    flat, eager = kind([Value(x) for x in start]), kind([Value(x) for x in start])
    for line, numbers in zip(gradients, trained(eager, gradients)):
        data = flat.updated(data, np.array(line))
        assert same(data.tolist(), numbers)


@every_kind
@given(history=histories)
def test_each_parameter_moves_as_if_it_were_alone(kind, history):
    start, *gradients = history
    together = trained(kind([Value(x) for x in start]), gradients)
    for place, x in enumerate(start):
        alone = trained(kind([Value(x)]), [[line[place]] for line in gradients])
        assert same([numbers for (numbers,) in alone], [line[place] for line in together])


@every_kind
@given(history=histories, joins=st.integers(0, 5))
def test_a_parameter_that_joins_late_moves_as_if_it_had_begun_then(kind, history, joins):
    start, *gradients = history
    joins = min(joins, len(gradients) - 1)
    early = kind([Value(7.0), *map(Value, start)])
    mixed = [[0.5, *([None] * len(start) if step < joins else line)] for step, line in enumerate(gradients)]
    late = trained(kind([Value(x) for x in start]), gradients[joins:])
    path = [line[1:] for line in trained(early, mixed)]
    assert path[:joins] == [start] * joins
    assert all(map(same, path[joins:], late))
    assert early.state_dict()["counts"].tolist() == [len(gradients)] + [len(gradients) - joins] * len(start)


@every_kind
@given(history=histories)
def test_a_parameter_that_rests_goes_on_with_what_was_remembered_of_it(kind, history):
    start, *gradients = history
    resting = [line for line in gradients for line in (line, [None] * len(start))]
    path = trained(kind([Value(x) for x in start]), resting)
    assert path[::2] == path[1::2]
    assert all(map(same, path[::2], trained(kind([Value(x) for x in start]), gradients)))


@every_kind
def test_a_rule_changes_none_of_its_arguments(kind):
    optimizer = kind([Value(0)])
    numbers = [np.array([0.5, -3.0]), np.array([0.2, 7.0])]
    moments = [np.array([0.25, 2.0]) for _ in kind.moments]
    for array in (*numbers, *moments):
        array.flags.writeable = False  # NumPy raises where somebody writes
    first = optimizer.rule(*numbers, 3, 0.1, *moments, **optimizer.hyperparameters)
    again = optimizer.rule(*numbers, 3, 0.1, *moments, **optimizer.hyperparameters)
    assert len(first) == 1 + len(kind.moments)
    assert all(map(same, first, again))
    assert not any(np.shares_memory(new, old) for new in first for old in (*numbers, *moments))


@every_kind
def test_every_rule_goes_down_a_bowl(kind):
    x, y = Value(3.0), Value(-2.0)
    optimizer = kind([x, y])
    bowl = (x - 1) ** 2 + 10 * y**2
    losses = []
    for _ in range(50):
        optimizer.zero_grad()
        bowl.refresh().backward()
        losses.append(bowl.data)
        optimizer.step()
    assert bowl.refresh().data < losses[0]
    assert losses[1] < losses[0]


@every_kind
@given(history=histories)
def test_a_step_reads_gradients_and_writes_numbers_and_nothing_else(kind, history):
    start, *gradients = history
    values = with_gradients(start, gradients[0])
    assert kind(values).step() is None
    assert [value.grad for value in values] == gradients[0]
    for value, x, gradient in zip(values, start, gradients[0]):
        assert gradient or value.data == x  # 0 was written: that is not computed


# ---- against trajectories computed apart, with 50 digits, from the published formulas


def drawn_gradients(seed: int) -> list[list[float]]:
    """Gradients of three parameters for 100 steps, of sizes from 1e-4 to 1e2 with slow drifts; some are 0."""
    rng = np.random.default_rng(seed)
    sizes = 10.0 ** rng.uniform(-4, 2, size=3)
    drawn = sizes * (rng.normal(size=(STEPS, 3)) + np.sin(np.arange(STEPS)[:, None] / 9))
    return np.where(rng.random((STEPS, 3)) < 0.05, 0.0, drawn).tolist()


def faded(xs, factor):
    """For each step the sum of all x so far, each times the factor for every step since: a convolution, written out."""
    factors = [factor**k for k in range(STEPS)]
    return [faded_sum(xs[: t + 1], factors) for t in range(len(xs))]


def faded_sum(xs, factors):
    return mpmath.fdot(zip(xs[::-1], factors))


def root(x):
    return mpmath.sqrt(x)


def polyak(p, gs, lr, momentum):
    """p(t+1) = p(t) - lr · g + μ · (p(t) - p(t-1)), the heavy ball without a velocity."""
    path = [p, p]
    for g in gs:
        path.append(path[-1] - lr * g + momentum * (path[-1] - path[-2]))
    return path[2:]


def sutskever(p, gs, lr, momentum):
    """v = μ · v - lr · g(θ + μ · v), θ = θ + v: the place where the gradient is taken is θ + μ · v."""
    theta, v, path = p, mpmath.mpf(0), []
    for g in gs:
        v = momentum * v - lr * g
        theta = theta + v
        path.append(theta + momentum * v)
    return path


def duchi(p, gs, lr, eps):
    """Each step is divided by the length of the vector of all gradients so far."""
    return moved(p, [lr * g / (mpmath.norm(gs[: t + 1]) + eps) for t, g in enumerate(gs)])


def zeiler(p, gs, lr, rho, eps):
    """Algorithm 1: Δx(t) = - RMS[Δx](t-1) / RMS[g](t) · g(t), with the running means written out as sums."""
    mean_squares = faded([(1 - rho) * g * g for g in gs], rho)
    deltas, factors = [], [rho**k for k in range(STEPS)]
    for g, mean_square in zip(gs, mean_squares):
        before = (1 - rho) * faded_sum([d * d for d in deltas], factors)
        deltas.append(root(before + eps) / root(mean_square + eps) * g)
    return moved(p, [lr * d for d in deltas])


def hinton(p, gs, lr, alpha, eps):
    mean_squares = faded([(1 - alpha) * g * g for g in gs], alpha)
    return moved(p, [lr * g / (root(v) + eps) for g, v in zip(gs, mean_squares)])


def ratios(gs, betas, eps, bias_correction):
    """m̂ / (√v̂ + ε) for each step: m̂ and v̂ are weighted means of all g and g² so far."""
    m, v = (weighted_means(xs, beta, bias_correction) for xs, beta in zip((gs, [g * g for g in gs]), betas))
    return [mean / (root(mean_square) + eps) for mean, mean_square in zip(m, v)]


def weighted_means(xs, beta, bias_correction):
    """Sums divided by the sum of their weights, or by what that becomes after infinitely many steps."""
    weights = accumulate([beta**k for k in range(STEPS)]) if bias_correction else repeat(1 / (1 - beta))
    return [total / weight for total, weight in zip(faded(xs, beta), weights)]


def kingma(p, gs, lr, **adam):
    return moved(p, [lr * ratio for ratio in ratios(gs, **adam)])


def loshchilov(p, gs, lr, weight_decay, **adam):
    """Algorithm 2: θ = θ - lr · (m̂ / (√v̂ + ε) + λ · θ), both with the θ before the step."""
    path = []
    for ratio in ratios(gs, **adam):
        p = p - lr * (ratio + weight_decay * p)
        path.append(p)
    return path


def moved(p, changes):
    return [p - total for total in accumulate(changes)]


PUBLISHED = {
    SGD: lambda p, gs, lr: moved(p, [lr * g for g in gs]),
    Momentum: polyak,
    Nesterov: sutskever,
    Adagrad: duchi,
    Adadelta: zeiler,
    RMSProp: hinton,
    Adam: kingma,
    AdamW: loshchilov,
}

OTHER_SETTINGS = {
    "sgd": {"lr": 0.05},
    "momentum": {"lr": 0.05, "momentum": 0.5},
    "nesterov": {"lr": 0.05, "momentum": 0.75},
    "adagrad": {"lr": 0.05, "eps": 0.5},
    "adadelta": {"lr": 0.5, "rho": 0.75, "eps": 0.01},
    "rmsprop": {"lr": 0.05, "alpha": 0.5, "eps": 0.25},
    "adam": {"lr": 0.05, "betas": (0.5, 0.75), "eps": 0.125},
    "adamw": {"lr": 0.05, "betas": (0.5, 0.75), "eps": 0.125, "weight_decay": 0.25},
}
"""None of them the default."""

VARIANTS = [
    *[(name, {}) for name in OPTIMIZERS],
    *OTHER_SETTINGS.items(),
    ("adam", {"lr": 0.05, "bias_correction": False}),
    ("adamw", {"lr": 0.05, "bias_correction": False}),
]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "settings"), VARIANTS)
def test_hundred_steps_are_those_of_the_published_formulas(name, settings, seed):
    kind, start, gradients = OPTIMIZERS[name], [1.5, -2.0, 4.0], drawn_gradients(seed)
    optimizer = kind([Value(x) for x in start], **settings)
    lr, path = optimizer.lr, trained(optimizer, gradients)
    with mpmath.workdps(DIGITS):
        for place, x in enumerate(start):
            gs = [mpmath.mpf(line[place]) for line in gradients]
            expected = PUBLISHED[kind](mpmath.mpf(x), gs, mpmath.mpf(lr), **exactly(optimizer.hyperparameters))
            scale = max(map(abs, expected))
            assert max(abs(line[place] - number) for line, number in zip(path, expected)) <= ROUNDING * scale


def exactly(settings):
    """Settings as numbers of 50 digits; choices as they are."""
    return {
        name: tuple(map(mpmath.mpf, x)) if isinstance(x, tuple) else x if isinstance(x, bool) else mpmath.mpf(x)
        for name, x in settings.items()
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_gradient_descent_and_momentum_in_fractions(seed):
    """Weights are unrolled: the gradient of step k is in the velocity of step t with the factor μ^(t-k)."""
    gradients = [line[0] for line in drawn_gradients(seed)]
    lr, momentum = Fraction(0.25), Fraction(0.5)
    unrolled = [sum(momentum**k for k in range(STEPS - t)) * Fraction(g) for t, g in enumerate(gradients)]
    (p,) = trained(Momentum([Value(2.0)], 0.25, 0.5), [[g] for g in gradients])[-1]
    assert p == pytest.approx(float(2 - lr * sum(unrolled)), rel=ROUNDING)
    (p,) = trained(SGD([Value(2.0)], 0.25), [[g] for g in gradients])[-1]
    assert p == pytest.approx(float(2 - lr * sum(map(Fraction, gradients))), rel=ROUNDING)


@given(lr=st.floats(1e-3, 1.0), gradients=st.lists(moderate, min_size=1, max_size=5))
def test_without_memory_the_rules_with_a_velocity_are_gradient_descent(lr, gradients):
    lines = [[g] for g in gradients]
    plain = trained(SGD([Value(1.0)], lr), lines)
    assert trained(Momentum([Value(1.0)], lr, momentum=0.0), lines) == plain
    assert trained(Nesterov([Value(1.0)], lr, momentum=0.0), lines) == plain


@given(history=histories)
def test_without_decay_adamw_is_adam(history):
    start, *gradients = history
    decayed = AdamW([Value(x) for x in start], weight_decay=0.0)
    assert trained(decayed, gradients) == trained(Adam([Value(x) for x in start]), gradients)


# ---- against PyTorch


def torch_optimizer(torch, name, parameters, **settings):
    """The optimizer of PyTorch that has the rule of that name, with its own defaults for what is not set."""
    momentum = settings.pop("momentum", 0.9)
    makers = {
        "sgd": lambda: torch.optim.SGD(parameters, **settings),
        "momentum": lambda: torch.optim.SGD(parameters, momentum=momentum, **settings),
        "nesterov": lambda: torch.optim.SGD(parameters, momentum=momentum, nesterov=True, **settings),
        "adagrad": lambda: torch.optim.Adagrad(parameters, **settings),
        "adadelta": lambda: torch.optim.Adadelta(parameters, **settings),
        "rmsprop": lambda: torch.optim.RMSprop(parameters, **settings),
        "adam": lambda: torch.optim.Adam(parameters, **settings),
        "adamw": lambda: torch.optim.AdamW(parameters, **settings),
    }
    return makers[name]()


PYTORCH_HAS_DEFAULTS = [name for name in OPTIMIZERS if name not in ("momentum", "nesterov")]


def path_of_pytorch(torch, name, start, gradients, **settings):
    """The numbers after each step, in float64; a gradient that is None is none there too."""
    parameters = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in start]
    optimizer = torch_optimizer(torch, name, parameters, **settings)
    path = []
    for line in gradients:
        for parameter, gradient in zip(parameters, line):
            parameter.grad = None if gradient is None else torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        path.append([parameter.item() for parameter in parameters])
    return path


def assert_same_path(path, expected):
    for place in range(len(path[0])):
        ours, theirs = [line[place] for line in path], [line[place] for line in expected]
        assert ours == pytest.approx(theirs, rel=0, abs=ROUNDING * max(map(abs, theirs)))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_hundred_steps_are_those_of_pytorch(name, seed):
    torch = pytest.importorskip("torch")
    start, gradients, settings = [1.5, -2.0, 4.0], drawn_gradients(seed), OTHER_SETTINGS[name]
    path = trained(OPTIMIZERS[name]([Value(x) for x in start], **settings), gradients)
    assert_same_path(path, path_of_pytorch(torch, name, start, gradients, **settings))


DEFAULTS = {
    "sgd": {"lr": 0.01},
    "momentum": {"lr": 0.01, "momentum": 0.9},
    "nesterov": {"lr": 0.01, "momentum": 0.9},
    "adagrad": {"lr": 0.01, "eps": 1e-10},
    "adadelta": {"lr": 1.0, "rho": 0.9, "eps": 1e-6},
    "rmsprop": {"lr": 0.01, "alpha": 0.99, "eps": 1e-8},
    "adam": {"lr": 0.001, "betas": (0.9, 0.999), "eps": 1e-8, "bias_correction": True},
    "adamw": {"lr": 0.001, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01, "bias_correction": True},
}
"""Those of PyTorch, for who has it not."""


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_defaults_are_the_usual_ones(name):
    optimizer = OPTIMIZERS[name]([Value(1.0)])
    assert {"lr": optimizer.lr, **optimizer.hyperparameters} == DEFAULTS[name]


@pytest.mark.parametrize("name", PYTORCH_HAS_DEFAULTS)
def test_defaults_are_those_of_pytorch(name):
    torch = pytest.importorskip("torch")
    start, gradients = [1.5, -2.0, 4.0], drawn_gradients(3)
    settings = {"lr": 0.01} if name == "sgd" else {}  # the first versions of PyTorch want its rate to be named
    path = trained(OPTIMIZERS[name]([Value(x) for x in start]), gradients)
    assert_same_path(path, path_of_pytorch(torch, name, start, gradients, **settings))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_parameters_that_join_late_or_rest_move_as_in_pytorch(name):
    torch = pytest.importorskip("torch")
    start, gradients = [1.5, -2.0, 4.0], drawn_gradients(4)
    for step, line in enumerate(gradients):
        line[1] = None if step < 10 else line[1]
        line[2] = None if step % 3 == 0 else line[2]
    path = trained(OPTIMIZERS[name]([Value(x) for x in start], **OTHER_SETTINGS[name]), gradients)
    assert_same_path(path, path_of_pytorch(torch, name, start, gradients, **OTHER_SETTINGS[name]))


# ---- what it touches


def test_a_parameter_whose_gradient_was_not_computed_is_left_as_it_is():
    x, aside = Value(3.0), Value(5.0)
    y, other = x * 2, aside * 2
    y.backward()
    SGD([x, aside], lr=0.1).step()
    assert aside.data == 5.0
    assert not other.is_stale
    assert y.is_stale


def test_a_slope_of_zero_is_a_computed_gradient():
    x = Value(3.0)
    y = x * 0
    y.backward()
    SGD([x], lr=0.1).step()
    assert x.data == 3.0
    assert x.grad_state == "stale"  # it was written


def test_step_without_any_gradient_changes_nothing():
    x = Value(3.0)
    y = x * 2
    SGD([x], lr=0.1).step()
    assert x.data == 3.0
    assert not y.is_stale


def test_step_keeps_the_gradients_until_zero_grad():
    (x,) = with_gradients([3.0], [2.0])
    optimizer = SGD([x], lr=0.25)
    optimizer.step()
    assert x.grad == 2.0
    optimizer.step()
    assert x.data == 3 - 2 * 0.25 * 2
    optimizer.zero_grad()
    assert (x.grad, x.grad_state) == (0.0, "not computed")


def test_a_graph_recorded_before_the_step_is_stale():
    x = Value(3.0, "x")
    y = x * x
    y.backward()
    SGD([x], lr=0.1).step()
    with pytest.raises(StaleGraph, match="x was written"):
        y.backward()
    assert grad(y.refresh(), x).data == 2 * x.data


def test_two_optimizers_on_the_same_parameters_do_not_meet():
    x, y = with_gradients([1.0, 1.0], [1.0, 1.0])
    slow, fast = SGD([x, y], lr=0.25), SGD([y], lr=0.5)
    slow.step()
    fast.step()
    slow.step()
    assert (x.data, y.data) == (1 - 2 * 0.25, 1 - 2 * 0.25 - 0.5)


def test_a_parameter_named_twice_moves_once():
    (x,) = with_gradients([1.0], [1.0])
    optimizer = SGD([x, x], lr=0.25)
    optimizer.step()
    assert x.data == 0.75
    assert optimizer.parameters == [x]


def test_overflow_follows_ieee_in_silence():
    up, undefined = with_gradients([-1e308, math.inf], [1e308, math.inf])
    SGD([up, undefined], lr=10).step()
    assert up.data == -math.inf
    assert math.isnan(undefined.data)


@every_kind
def test_overflow_follows_ieee_in_silence_in_every_rule(kind):
    values = with_gradients([-1e308, math.inf, 1.0], [1e308, math.inf, math.nan])
    optimizer = kind(values, lr=1e3)
    optimizer.step()
    optimizer.step()
    assert math.isnan(values[2].data)
    assert not math.isfinite(values[1].data)


@every_kind
def test_two_optimizers_of_a_kind_on_the_same_parameters_do_not_meet(kind):
    gradients = [[0.5], [-2.0], [3.0]]
    shared = Value(1.0)
    first, second = kind([shared]), kind([shared])
    trained(second, gradients)
    shared.data = 1.0
    assert trained(first, gradients) == trained(kind([Value(1.0)]), gradients)


def test_a_step_for_which_no_gradient_was_computed_counts_for_the_schedule_alone():
    x = Value(3.0)
    optimizer = Adam([x], lr=lambda steps: 1 / (1 + steps))
    optimizer.step()
    assert (optimizer.steps, optimizer.lr) == (1, 0.5)
    assert optimizer.state_dict()["counts"].tolist() == [0]


def test_the_list_of_parameters_is_a_copy():
    optimizer = SGD([Value(1.0)], 0.1)
    optimizer.parameters.append(Value(2.0))
    assert len(optimizer.parameters) == 1


def test_a_deep_copy_goes_on_by_itself():
    optimizer = Adam([Value(1.0)])
    trained(optimizer, [[0.5], [2.0]])
    twin = copy.deepcopy(optimizer)
    assert trained(twin, [[1.0], [3.0]]) == trained(optimizer, [[1.0], [3.0]])
    assert twin.parameters[0] is not optimizer.parameters[0]


# ---- the learning rate


@every_kind
@given(history=histories)
def test_a_schedule_gives_the_rate_of_each_step(kind, history):
    start, *gradients = history
    schedule = StepDecay(0.5, every=2, factor=0.5)
    scheduled = kind([Value(x) for x in start], lr=schedule)
    by_hand = kind([Value(x) for x in start], lr=0.5)
    for step, line in enumerate(gradients):
        by_hand.lr = schedule(step)
        assert scheduled.lr == by_hand.lr
        assert all(map(same, trained(scheduled, [line]), trained(by_hand, [line])))


def test_a_function_of_the_steps_taken_is_a_schedule():
    asked = []

    def decay(steps: int) -> float:
        asked.append(steps)
        return 1 / (1 + steps)

    (x,) = with_gradients([0.0], [-1.0])
    optimizer = SGD([x], decay)
    for _ in range(3):
        optimizer.step()
    assert x.data == pytest.approx(1 + 1 / 2 + 1 / 3, rel=ROUNDING)
    assert set(asked) == {0, 1, 2}
    assert repr(optimizer) == "SGD(1 parameter, lr=decay)"


def test_a_schedule_is_asked_with_the_steps_of_the_optimizer_and_flat_arrays_count():
    optimizer = SGD([Value(0.0)], 1.0)
    for _ in range(4):
        optimizer.updated(np.zeros(1), np.zeros(1))
    optimizer.lr = StepDecay(1.0, every=4, factor=0.5)
    assert (optimizer.steps, optimizer.lr) == (4, 0.5)
    assert optimizer.schedule == StepDecay(1.0, every=4, factor=0.5)


def test_a_schedule_is_asked_at_once_for_the_rate_of_the_next_step():
    sgd = SGD([Value(1.0)], lr=0.1)
    sgd.updated(np.ones(1), np.ones(1))
    before = sgd.state_dict()
    with pytest.raises(ValueError, match=r"gave -0\.1 after 1 steps"):
        sgd.lr = lambda steps: 0.1 - 0.2 * steps
    assert (sgd.lr, sgd.steps) == (0.1, 1)
    other = SGD([Value(1.0)], lr=lambda steps: 0.1 if steps < 1 else -0.1)
    with pytest.raises(ValueError, match=r"gave -0\.1 after 1 steps"):
        other.load_state_dict({**before, "lr": {"class": "own", "name": "falling"}})
    assert (other.lr, other.steps) == (0.1, 0)


def test_a_rate_of_zero_at_the_end_of_a_schedule_stops():
    (x,) = with_gradients([1.0], [1.0])
    optimizer = SGD([x], Cosine(0.5, steps=1))
    optimizer.step()
    optimizer.step()
    assert (optimizer.lr, x.data) == (0.0, 0.5)


@pytest.mark.parametrize("wrong", [-0.5, math.nan, math.inf])
def test_a_schedule_that_gives_no_rate_is_an_error_and_nothing_moves(wrong):
    (x,) = with_gradients([1.0], [1.0])
    optimizer = Momentum([x], lambda steps: 0.5 if steps < 1 else wrong)
    optimizer.step()
    before = optimizer.state_dict()
    with pytest.raises(ValueError, match=r"a rate needs to be a finite number >= 0; .*lambda.* gave .* after 1 steps"):
        optimizer.step()
    assert x.data == 0.5
    assert before["steps"] == optimizer.steps == 1
    assert before["moments"]["v"].tolist() == optimizer.state_dict()["moments"]["v"].tolist()
    with pytest.raises(ValueError, match="a rate needs to be"):
        SGD([x], lambda steps: wrong)


# ---- what it refuses


@pytest.mark.parametrize("lr", [0, 0.0, -0.1, math.inf, math.nan, -math.inf])
def test_learning_rate_is_positive_and_finite(lr):
    with pytest.raises(ValueError, match="lr of SGD needs a positive, finite number; got"):
        SGD([Value(1)], lr)
    optimizer = SGD([Value(1)], 0.1)
    with pytest.raises(ValueError, match="lr of SGD needs a positive, finite number; got"):
        optimizer.lr = lr
    assert optimizer.lr == 0.1


@pytest.mark.parametrize("lr", ["0.1", None, 1j, [0.1]])
def test_learning_rate_is_a_number(lr):
    with pytest.raises(TypeError, match="lr of SGD needs one real number"):
        SGD([Value(1)], lr)


def test_learning_rate_can_be_written_between_steps():
    (x,) = with_gradients([1.0], [1.0])
    optimizer = SGD([x], np.float32(0.5))
    optimizer.step()
    optimizer.lr = 0.25
    optimizer.step()
    assert x.data == 0.25


def test_no_parameters_are_an_error():
    used_up = iter([Value(1)])
    SGD(used_up, 0.1)
    for parameters in ([], used_up):
        with pytest.raises(ValueError, match="SGD needs at least one parameter; got none"):
            SGD(parameters, 0.1)


def test_a_computed_value_is_no_parameter():
    with pytest.raises(ValueError, match=r"SGD can only write leaves; got the computed Value Value = 2"):
        SGD([Value(1), Value(1) * 2], 0.1)


def test_a_plain_number_is_no_parameter():
    with pytest.raises(TypeError, match=r"SGD needs Values as parameters; got float 1\.0"):
        SGD([Value(1), 1.0], 0.1)


def test_repr_says_how_many_and_how_fast():
    assert repr(SGD(MLP(2, [3, 1]).parameters(), 0.1)) == "SGD(13 parameters, lr=0.1)"


@every_kind
def test_every_kind_refuses_what_is_no_parameter_and_no_rate(kind):
    name = kind.__name__
    with pytest.raises(ValueError, match=f"^{name} needs at least one parameter; got none"):
        kind([])
    with pytest.raises(TypeError, match=f"^{name} needs a list of parameters, such as .*; got Value$"):
        kind(Value(1))
    with pytest.raises(TypeError, match=rf"^{name} needs Values as parameters; got list \[1\]$"):
        kind([[1]])
    with pytest.raises(ValueError, match=f"^lr of {name} needs a positive, finite number; got 0.0$"):
        kind([Value(1)], lr=0)


OUT_OF_RANGE = [
    (Momentum, {"momentum": 1.0}, "momentum of Momentum needs a number >= 0 and < 1; got 1.0"),
    (Nesterov, {"momentum": -0.1}, "momentum of Nesterov needs a number >= 0 and < 1; got -0.1"),
    (Adagrad, {"eps": 0}, "eps of Adagrad needs a positive, finite number; got 0.0"),
    (Adadelta, {"rho": math.nan}, "rho of Adadelta needs a number >= 0 and < 1; got nan"),
    (RMSProp, {"alpha": 1}, "alpha of RMSProp needs a number >= 0 and < 1; got 1.0"),
    (RMSProp, {"eps": math.inf}, "eps of RMSProp needs a positive, finite number; got inf"),
    (Adam, {"betas": (0.9, 1.0)}, "betas of Adam needs a number >= 0 and < 1; got 1.0"),
    (Adam, {"betas": (0.9,)}, r"betas of Adam needs two numbers >= 0 and < 1; got \(0.9,\)"),
    (Adam, {"betas": 0.9}, "betas of Adam needs two numbers >= 0 and < 1; got 0.9"),
    (AdamW, {"weight_decay": -0.01}, "weight_decay of AdamW needs a finite number >= 0; got -0.01"),
]


@pytest.mark.parametrize(("kind", "setting", "message"), OUT_OF_RANGE)
def test_a_setting_out_of_its_range_is_an_error(kind, setting, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        kind([Value(1)], **setting)


@pytest.mark.parametrize(
    ("kind", "setting", "message"),
    [
        (Momentum, {"momentum": "0.9"}, "momentum of Momentum needs one real number; got str '0.9'"),
        (Adam, {"betas": (0.9, None)}, "betas of Adam needs one real number; got NoneType None"),
        (Adam, {"bias_correction": 1}, "bias_correction of Adam needs True or False; got 1"),
    ],
)
def test_a_setting_of_another_kind_is_an_error(kind, setting, message):
    with pytest.raises(TypeError, match=f"^{message}$"):
        kind([Value(1)], **setting)


def test_settings_at_the_ends_of_their_ranges_are_fine():
    gradients = [[0.0], [2.0], [-1.0]]
    for optimizer in (
        Adam([Value(1.0)], betas=(0, 0.0)),
        AdamW([Value(1.0)], weight_decay=0),
        RMSProp([Value(1.0)], alpha=0),
        Adadelta([Value(1.0)], rho=0),
    ):
        assert all(math.isfinite(p) for (p,) in trained(optimizer, gradients))


@pytest.mark.parametrize("shape", [(2,), (4,), (3, 1), ()])
def test_flat_arrays_of_another_shape_are_an_error_and_no_step(shape):
    optimizer = Adam([Value(1), Value(2), Value(3)])
    for data, gradients in ((np.ones(shape), np.ones(3)), (np.ones(3), np.ones(shape))):
        with pytest.raises(ValueError, match=r"^Adam needs arrays of shape \(3,\), an element for each parameter; got"):
            optimizer.updated(data, gradients)
    assert optimizer.steps == 0


@pytest.mark.parametrize(
    ("optimizer", "text"),
    [
        (Momentum([Value(1)]), "Momentum(1 parameter, lr=0.01, momentum=0.9)"),
        (Nesterov([Value(1)], momentum=0.5), "Nesterov(1 parameter, lr=0.01, momentum=0.5)"),
        (Adagrad([Value(1)]), "Adagrad(1 parameter, lr=0.01, eps=1e-10)"),
        (Adadelta([Value(1)]), "Adadelta(1 parameter, lr=1.0, rho=0.9, eps=1e-06)"),
        (RMSProp([Value(1)]), "RMSProp(1 parameter, lr=0.01, alpha=0.99, eps=1e-08)"),
        (Adam([Value(1)]), "Adam(1 parameter, lr=0.001, betas=(0.9, 0.999), eps=1e-08, bias_correction=True)"),
        (
            AdamW([Value(1)], np.float32(0.5)),
            "AdamW(1 parameter, lr=0.5, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01, bias_correction=True)",
        ),
        (SGD([Value(1)], Cosine(np.float32(0.5), 10)), "SGD(1 parameter, lr=Cosine(lr=0.5, steps=10, lowest=0.0))"),
    ],
)
def test_repr_shows_all_settings(optimizer, text):
    assert repr(optimizer) == text


# ---- rules of one's own


class SignDescent(Optimizer):
    """One that is not in the library: the sign of a velocity."""

    moments = ("v",)

    def __init__(self, parameters, lr=0.5, fading=0.5):
        super().__init__(parameters, lr, fading=fading)

    @staticmethod
    def rule(p, g, t, lr, v, *, fading):
        v = fading * v + g
        return p - lr * np.sign(v), v


def test_a_rule_of_ones_own_is_a_subclass_with_a_formula():
    assert trained(SignDescent([Value(0.0)]), [[1.0], [-0.5], [-0.25]]) == [[-0.5], [-0.5], [0.0]]
    assert repr(SignDescent([Value(0.0)])) == "SignDescent(1 parameter, lr=0.5, fading=0.5)"


def test_an_optimizer_without_a_rule_says_what_it_needs():
    optimizer = Optimizer(with_gradients([1.0], [1.0]), 0.1)
    with pytest.raises(NotImplementedError, match=r"an optimizer needs a rule\(p, g, t, lr, \*moments\) that gives"):
        optimizer.step()
    assert optimizer.steps == 0


def test_a_rule_that_forgets_the_tuple_is_an_error_and_nothing_moves():
    class Bare(Optimizer):
        @staticmethod
        def rule(p, g, t, lr):
            return p - lr * g

    (x,) = with_gradients([1.0], [1.0])
    with pytest.raises(TypeError, match=r"^the rule of Bare needs to give a tuple of p; got array\(\[0\.9\]\)$"):
        Bare([x], 0.1).step()
    assert x.data == 1.0


# ---- by name


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_by_name_is_one_with_its_defaults(name):
    x, y = Value(1.0), Value(2.0)
    made = optimizer_of(name, iter([x, y]))
    assert repr(made) == repr(OPTIMIZERS[name]([x, y]))
    assert made.parameters == [x, y]
    assert type(made).__name__.lower() == name


def test_an_optimizer_stays_and_a_function_makes_one_of_the_parameters():
    x = Value(1.0)
    given = SGD([x], 0.5)
    assert optimizer_of(given, [Value(2.0)]) is given
    made = optimizer_of(lambda parameters: Adam(parameters, lr=0.25), [x])
    assert (type(made), made.lr, made.parameters) == (Adam, 0.25, [x])
    assert type(optimizer_of(RMSProp, [x])) is RMSProp


def test_what_is_no_optimizer_is_an_error():
    known = "sgd, momentum, nesterov, adagrad, adadelta, rmsprop, adam, adamw"
    meant = "did you mean 'adam'"
    with pytest.raises(
        ValueError, match=rf"^there is no optimizer 'Adam'; known are {known}, and any Optimizer; {meant}\?$"
    ):
        optimizer_of("Adam", [Value(1.0)])
    for wrong in (None, 0.1, lambda parameters: None):
        with pytest.raises(TypeError, match=r"^an Optimizer is needed, its name, or a function that makes one; got "):
            optimizer_of(wrong, [Value(1.0)])


# ---- saved and restored


RATES = [0.125, StepDecay(0.5, every=3, factor=0.5), Cosine(0.5, steps=9, lowest=0.125)]


def through_json(state):
    """What a file in JSON gives back: lists in the place of arrays."""
    return json.loads(json.dumps(state, default=lambda array: array.tolist()))


@every_kind
@given(history=histories, lr=st.sampled_from(RATES), stored=st.sampled_from([dict, through_json]), rests=st.booleans())
def test_who_stops_and_goes_on_takes_the_same_steps_to_the_last_bit(kind, history, lr, stored, rests):
    start, *gradients = history
    gradients = [*gradients, *gradients]
    middle = len(gradients) // 2
    if rests:
        gradients[0] = [None, *gradients[0][1:]]
    whole = kind([Value(x) for x in start], lr)
    first = trained(whole, gradients[:middle])
    state = stored(whole.state_dict())
    rest = trained(whole, gradients[middle:])
    restored = kind([Value(x) for x in first[-1]])
    restored.load_state_dict(state)
    assert all(map(same, trained(restored, gradients[middle:]), rest))
    assert (restored.steps, restored.lr, repr(restored)) == (whole.steps, whole.lr, repr(whole))


def test_a_state_has_the_settings_too():
    settled = Adam([Value(1.0)], 0.5, betas=(0.25, 0.75), eps=0.125, bias_correction=False)
    other = Adam([Value(1.0)])
    other.load_state_dict(settled.state_dict())
    assert repr(other) == repr(settled)
    assert settled.state_dict()["hyperparameters"] == {"betas": [0.25, 0.75], "eps": 0.125, "bias_correction": False}
    assert settled.state_dict()["lr"] == 0.5


def test_a_state_is_of_copies_and_so_is_what_was_loaded():
    optimizer = Momentum([Value(1.0), Value(2.0)])
    trained(optimizer, [[1.0, None], [2.0, 4.0]])
    state = optimizer.state_dict()
    other = Momentum([Value(1.0), Value(2.0)])
    other.load_state_dict(state)
    state["moments"]["v"][:] = 7.0
    state["counts"][:] = 7
    state["hyperparameters"]["momentum"] = 0.0
    for kept in (optimizer.state_dict(), other.state_dict()):
        assert kept["moments"]["v"].tolist() == [0.9 * 1.0 + 2.0, 4.0]
        assert kept["counts"].tolist() == [2, 1]
        assert kept["hyperparameters"] == {"momentum": 0.9}
    assert state["moments"]["v"].dtype == np.float64
    assert state["counts"].dtype == np.int64


def test_a_state_that_overflowed_can_be_restored():
    (x,) = with_gradients([1.0], [1e200])
    optimizer, other = Adam([x]), Adam([x])
    optimizer.step()
    other.load_state_dict(optimizer.state_dict())
    assert other.state_dict()["moments"]["v"].tolist() == [math.inf]


def test_a_rate_of_ones_own_is_not_in_the_state_and_has_to_be_brought_along():
    def decay(steps):
        return 1 / (1 + steps)

    optimizer = SGD([Value(1.0)], decay)
    trained(optimizer, [[1.0], [1.0]])
    state = through_json(optimizer.state_dict())
    assert state["lr"] == {"class": "own", "name": "decay"}
    plain = SGD([Value(1.0)], 0.5)
    with pytest.raises(ValueError, match=r"^lr of SGD was given by 'decay', which can't be written: set lr to it"):
        plain.load_state_dict(state)
    assert (plain.lr, plain.steps) == (0.5, 0)
    plain.lr = decay
    plain.load_state_dict(state)
    assert (plain.lr, plain.steps) == (1 / 3, 2)


def test_a_number_in_the_state_takes_the_place_of_a_rate_of_ones_own():
    optimizer = SGD([Value(1.0)], lambda steps: 0.25)
    optimizer.load_state_dict(SGD([Value(1.0)], 0.5).state_dict())
    assert repr(optimizer) == "SGD(1 parameter, lr=0.5)"


DAMAGED = [
    ({"class": "SGD"}, ValueError, "Adam needs a state of its own class; got one of 'SGD'"),
    ({"lr": -1.0}, ValueError, "lr of Adam needs a positive, finite number; got -1.0"),
    ({"lr": "0.1"}, TypeError, "lr of Adam needs one real number; got str '0.1'"),
    ({"lr": {"class": "Nothing"}}, ValueError, "lr of Adam needs a schedule of the class Constant, StepDecay, Cosine"),
    ({"lr": {"class": ["Cosine"]}}, ValueError, "lr of Adam needs a schedule of the class"),
    ({"lr": {"class": "Cosine", "lr": 0.1}}, ValueError, r"lr of Adam, Cosine, needs steps, lowest; got \['class', "),
    (
        {"lr": {"class": "Cosine", "lr": 0.1, "steps": 0, "lowest": 0.0}},
        ValueError,
        "Cosine needs at least one step; got 0",
    ),
    ({"hyperparameters": None}, TypeError, "the hyperparameters of Adam needs a dict; got NoneType"),
    (
        {"hyperparameters": {"betas": [0.9, 0.999]}},
        ValueError,
        r"the hyperparameters of Adam needs eps, bias_correction; got \['betas'\]",
    ),
    (
        {"hyperparameters": {"betas": [0.9, 2], "eps": 0.1, "bias_correction": True}},
        ValueError,
        "betas of Adam needs a number >= 0 and < 1; got 2.0",
    ),
    ({"moments": {"m": [0.0, 0.0]}}, ValueError, r"the moments of Adam needs v; got \['m'\]"),
    ({"moments": [0.0, 0.0]}, TypeError, "the moments of Adam needs a dict; got list"),
    (
        {"moments": {"m": [0.0, 0.0], "v": [0.0]}},
        ValueError,
        r"v of Adam needs an array of shape \(2,\), an element for each parameter; got \(1,\)",
    ),
    ({"moments": {"m": ["a", "b"], "v": [0, 0]}}, TypeError, "m of Adam needs real numbers; got an array of <U1"),
    ({"moments": {"m": [True, False], "v": [0, 0]}}, TypeError, "m of Adam needs real numbers; got an array of bool"),
    ({"moments": {"m": [1j, 0], "v": [0, 0]}}, TypeError, "m of Adam needs real numbers; got an array of complex128"),
    ({"counts": [1]}, ValueError, r"counts of Adam needs an array of shape \(2,\)"),
    ({"counts": [1.0, 1.0]}, TypeError, "counts of Adam needs whole numbers; got an array of float64"),
    ({"counts": [1, -1]}, ValueError, "counts of Adam needs numbers of steps, 0 or more; got -1"),
    ({"counts": [1, 9]}, ValueError, "steps of Adam needs a number that no parameter exceeds; got 2, and 9 in counts"),
    ({"steps": -1}, ValueError, "steps of Adam needs a number that no parameter exceeds; got -1, and 2 in counts"),
    ({"steps": 2.0}, TypeError, "steps of Adam needs a whole number; got 2.0"),
    ({"steps": True}, TypeError, "steps of Adam needs a whole number; got True"),
    ({"more": 1}, ValueError, "the state of Adam has class, .*, and no 'more'"),
]


@pytest.mark.parametrize(("change", "error", "message"), DAMAGED)
def test_a_damaged_state_is_an_error_and_changes_nothing(change, error, message):
    optimizer = Adam([Value(1.0), Value(2.0)])
    trained(optimizer, [[1.0, 3.0], [2.0, None]])
    good = optimizer.state_dict()
    other = Adam([Value(1.0), Value(2.0)], Cosine(0.5, 10), betas=(0.5, 0.5))
    trained(other, [[5.0, 1.0]])
    before, shown, told = through_json(other.state_dict()), repr(other), repr(other.explain())
    with pytest.raises(error, match=f"^{message}"):
        other.load_state_dict({**good, **change})
    assert (through_json(other.state_dict()), repr(other), repr(other.explain())) == (before, shown, told)
    other.load_state_dict(good)
    assert through_json(other.state_dict()) == through_json(good)


@pytest.mark.parametrize("state", [None, [], "state"])
def test_a_state_that_is_no_dict_is_an_error(state):
    with pytest.raises(TypeError, match=f"^the state of SGD needs a dict; got {type(state).__name__}$"):
        SGD([Value(1.0)]).load_state_dict(state)


# ---- document 000, section 3


def test_document_000_first_step_of_true_descent():
    model = apartment()
    error = half_squared_error(model(50), 300)
    error.backward()
    assert error.data == pytest.approx(41980.4288, rel=ROUNDING)
    assert [p.grad for p in model.parameters()] == pytest.approx([-5795.2, -115.904, -7272.976, -289.76], rel=ROUNDING)
    SGD(model.parameters(), lr=1e-5).step()
    expected = [0.557952, 0.10115904, 0.47272976, 0.2028976]
    assert [p.data for p in model.parameters()] == pytest.approx(expected, rel=ROUNDING)
    assert model(50).data == pytest.approx(13.4387442412770, rel=PRINTED)
    assert half_squared_error(model(50), 300).data == pytest.approx(41058.6766510081, rel=PRINTED)


def test_document_000_true_descent_to_the_end():
    model = apartment()
    optimizer = SGD(model.parameters(), lr=1e-5)
    for _ in range(1001):  # one step, and the loop of 1000
        optimizer.zero_grad()
        half_squared_error(model(50), 300).backward()
        optimizer.step()
    expected = [2.453694065394588, 0.139073881307892, 2.440605154027030, 0.235656448110911]
    assert [p.data for p in model.parameters()] == pytest.approx(expected, rel=ROUNDING)
    assert model(50).data == pytest.approx(300, rel=ROUNDING)


# ---- document 004


def test_document_004_an_update_by_hand():
    (w,) = with_gradients([0.5], [0.2])
    SGD([w], lr=0.1).step()
    assert w.data == pytest.approx(0.48, rel=ROUNDING)


@pytest.mark.parametrize(("bias_correction", "expected"), [(False, "0.183772733982"), (True, "0.400000005")])
def test_erratum_004_4_first_step_of_adam(bias_correction, expected):
    (w,) = with_gradients([0.5], [0.2])
    Adam([w], lr=0.1, bias_correction=bias_correction).step()
    assert f"{w.data:.12g}".startswith(expected)


def test_erratum_004_4_without_correction_the_steps_are_up_to_6_57_times_as_large():
    """For a constant gradient; ε, which would blur the ratio, is next to nothing."""
    gradients = [[1.0]] * 40
    plain, corrected = (
        [[0.0], *trained(Adam([Value(0.0)], lr=1.0, eps=1e-300, bias_correction=choice), gradients)]
        for choice in (False, True)
    )
    steps = [np.diff([p for (p,) in path]) for path in (plain, corrected)]
    ratios = (steps[0] / steps[1]).tolist()
    assert ratios[0] == pytest.approx(math.sqrt(10), rel=ROUNDING)
    assert ratios[0] == pytest.approx(3.16228, rel=SIX_DIGITS)
    assert max(ratios) == pytest.approx(6.5685, rel=SIX_DIGITS)
    assert ratios.index(max(ratios)) + 1 == 12


@every_kind
def test_parameters_that_rested_take_no_step_with_those_that_have_taken_as_many(kind):
    """The second rests in the second step: each is then where it would be alone."""
    gradients = [[3.0, -2.0], [1.0, None], [2.0, 0.5]]
    together, alone = [Value(1.0), Value(2.0)], [Value(1.0), Value(2.0)]
    trained(kind(together, lr=0.1), gradients)
    for place, parameter in enumerate(alone):
        trained(kind([parameter], lr=0.1), [[row[place]] for row in gradients])
    assert [parameter.data for parameter in together] == [parameter.data for parameter in alone]


@every_kind
def test_a_parameter_that_rests_is_left_where_it_is(kind):
    first, second = Value(1.0), Value(2.0)
    optimizer = kind([first, second], lr=0.1)
    trained(optimizer, [[3.0, -2.0]])
    before, moments = second.data, [moment[1] for moment in optimizer.state_dict()["moments"].values()]
    trained(optimizer, [[1.0, None]])
    assert second.data == before
    assert [moment[1] for moment in optimizer.state_dict()["moments"].values()] == moments
    assert optimizer.state_dict()["counts"].tolist() == [2, 1]
