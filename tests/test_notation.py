"""The text of a graph is the graph: Python gives the value back, no bracket is missing, none is too many.

Without matplotlib the tests that parse LaTeX are skipped.
"""

from __future__ import annotations

import ast
import keyword
import math
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import autograd
from autograd import PRIMITIVES, Value, float_functions, grad, latex, python_text, text
from autograd.contracts.operands import patterns
from autograd.contracts.spelling import recorded
from autograd.notation.graphs import MOST_NESTED, MOST_SYMBOLS
from autograd.notation.table import partial_text, primitives_table
from autograd.primitives import Notation
from autograd.strategies.graphs import recipes
from autograd.strategies.recipes import Recipe, recorded_leaves, recorded_root
from tests import samples
from tests.mathematics import read

DEEP = 100_000
"""Far beyond the recursion limit."""

SPOKEN = {"max": "maximum", "min": "minimum", "abs": "absolute"}
"""The primitives whose name in a text is not that of the table."""


def evaluated(y: Value) -> Any:
    written, names = python_text(y)
    return eval(written, float_functions(), {name: node.data for name, node in names.items()})


def is_same(x: Any, y: float) -> bool:
    """Whether two floats have the same bits; one NaN is as good as another."""
    return type(x) is float and ((x != x and y != y) or struct.pack("d", x) == struct.pack("d", y))


def with_derivatives(recipe: Recipe) -> list[Value]:
    """The graph of a recipe, and those of its first derivatives and of one second, as far as a text is short enough."""
    leaves = recorded_leaves(recipe)
    y = recorded_root(recipe, leaves)
    first = grad(y, leaves)
    made = [y, *first, grad(first[0], leaves[-1])]
    for node in made:
        node.label = "" if node.primitive else "leaf"  # or a variable of the tests would name it
    return [node for node in made if is_short(node)]


def is_short(y: Value) -> bool:
    try:
        return bool(python_text(y))
    except ValueError:
        return False


# ---- Python gives the value back


@given(recipes())
def test_python_text_gives_the_value_back_to_the_bit(recipe: Recipe) -> None:
    for node in with_derivatives(recipe):
        assert is_same(evaluated(node), node.data)


@pytest.mark.parametrize("name", PRIMITIVES)
def test_python_text_of_each_primitive_gives_its_value_back(name: str) -> None:
    for point in samples.SAMPLES[name]:
        for kinds in patterns(point):
            y, leaves = recorded(name, point, kinds)
            assert is_same(evaluated(y), y.data), python_text(y)
            for derivative in grad(y, leaves):
                assert is_same(evaluated(derivative), derivative.data), python_text(derivative)


@pytest.mark.parametrize("constant", [math.inf, -math.inf, math.nan, -0.0, 0.0, 1e-300, -1e-300, 5e-324, 1e308, -0.1])
def test_constants_of_every_kind_are_read_back(constant: float) -> None:
    x = Value(-1.5, "x")
    made = [
        x + constant,
        constant - x,
        x - constant,
        x * constant,
        constant * x,
        x / (constant or 1.0),
        -(x * constant),
    ]
    made += [x.maximum(constant), autograd.dot([x, constant], [constant, x]), x.leaky_relu(constant)]
    made += [autograd.sum([constant, x]), Value(constant, "y") * x]
    for y in made:
        assert is_same(evaluated(y), y.data), python_text(y)


@pytest.mark.parametrize(("base", "exponent"), [(-3.0, 2.0), (-2.0, -3.0), (0.5, -0.5), (-0.0, 3.0), (2.0, 1e300)])
def test_negative_numbers_are_read_back_from_powers(base: float, exponent: float) -> None:
    for y in (Value(base) ** exponent, base ** Value(exponent), (Value(base) + 0.0) ** Value(exponent)):
        assert is_same(evaluated(y), y.data), python_text(y)


def unchecked() -> Iterator[Value]:
    """Derivatives whose graph divides by zero, overflows, or has no number."""
    zero, large, small = Value(0.0, "zero"), Value(1e200, "large"), Value(1e-200, "small")
    for y, x in [
        (zero.sqrt(), zero),
        (zero**0.5, zero),
        (zero.sqrt() * -1.0, zero),
        (1.0 / small, small),
        (1.0 / (small * 1e-50), small),
        (large * large / small, large),
        (large**1.5, large),
        ((-large) ** 3.0, large),
        ((zero * large).sqrt() * zero, zero),
        (large.exp() * zero, zero),
        (large.exp() / large.exp(), large),
    ]:
        yield y
        (first,) = grad(y, [x])
        yield first
        yield grad(first, x)


def test_python_text_has_ieees_answers_where_python_would_raise() -> None:
    made = list(unchecked())
    assert any(math.isinf(y.data) for y in made)
    assert any(math.isnan(y.data) for y in made)
    assert any("divide(" in python_text(y).text for y in made)
    assert any("power(" in python_text(y).text for y in made)
    for y in made:
        assert is_same(evaluated(y), y.data), python_text(y)


def test_a_users_primitives_have_a_python_text(table_restored: None) -> None:
    cube = autograd.primitive("cube", lambda xp, x: x * x * x, [lambda xp, x, out: 3 * x * x])
    squares = autograd.primitive(
        "squares", lambda xp, xs: xp.sum_over(lambda x: x * x, xs), [lambda xp, x, out: 2 * x], n_ary=True
    )
    distance = autograd.primitive(
        "distance",
        lambda xp, xs, ys: xp.sum_over(lambda x, y: (x - y) * (x - y), xs, ys),
        [lambda xp, x, y, out: 2 * (x - y), lambda xp, x, y, out: 2 * (y - x)],
        n_ary=True,
    )
    third = autograd.primitive("third", lambda xp, x, y, z: x * y * z, [lambda xp, x, y, z, out: y * z] * 3)
    x, cubed = Value(0.1, "x"), Value(0.3, "cube")
    y = cube(distance([x, 2.0], [cubed, x])) + squares([x, cubed]) * third(x, 2.0, x)
    assert python_text(y).text == ("cube(distance([x, 2.0], [cube_2, x])) + squares(x, cube_2) * third(x, 2.0, x)")
    assert is_same(evaluated(y), y.data)


def test_a_users_notation_that_says_nothing_of_brackets_gets_them_where_they_may_be_needed(
    table_restored: None,
) -> None:
    twice = autograd.primitive(
        "twice", lambda xp, x: 2 * x, [lambda xp, x, out: 2], notation=Notation("2×", "2×{0}", r"2 \times {0}")
    )
    x = Value(0.1, "x")
    assert text(twice(x + 1.0) * twice(x)) == "2×(x + 1) * 2×x"
    assert latex(twice(x + 1.0)) == r"2 \times \left(x + 1\right)"
    assert python_text(twice(x + 1.0)).text == "twice(x + 1.0)"


# ---- names in Python

HOSTILE = [
    *("", " ", "x", "x", "x_2", "1", "2x", "if", "lambda", "None", "True", "sum", "exp", "dot", "inf", "nan", "print"),
    *("__import__('os')", "x + 1", "a.b", "w[0]", "'", '"', "\n", "x\ny", "\\", "ŷ", "ﬁ", "²", "中", "½", "x²", "ª"),
    *("__debug__", "_", "__", "\x00", "\ud800", "e\u0301", "\u0301", "𝒙", "v1", "v", "float", "#", "{0}", "%s"),
]


@given(st.lists(st.text(max_size=8) | st.sampled_from(HOSTILE), min_size=1, max_size=6))
@example(HOSTILE)
def test_no_label_is_code_and_each_value_has_a_name_of_its_own(labels: list[str]) -> None:
    leaves = [Value(0.5 + place, label) for place, label in enumerate(labels)]
    y = autograd.sum(leaves)
    written, names = python_text(y)
    assert list(names.values()) == leaves
    assert all(name.isidentifier() and not keyword.iskeyword(name) for name in names)
    assert not {*names} & {*PRIMITIVES, "inf", "nan"}
    tree = ast.parse(written, mode="eval").body
    assert isinstance(tree, ast.Call)
    assert [argument.id for argument in tree.args if isinstance(argument, ast.Name)] == [*names]
    assert is_same(evaluated(y), y.data)


def test_names_stay_close_to_the_labels() -> None:
    x, number, label = Value(1.0, "layer1.w[0]"), Value(2.0, "2nd"), Value(3.0, "learning rate")
    assert python_text(x * number + label).text == "layer1_w_0 * v_2nd + learning_rate"


def test_variables_name_what_has_no_label() -> None:
    price, weights = Value(1.0), [Value(2.0), Value(3.0)]
    assert python_text(price * weights[1]).text == "price * weights_1"
    assert text(price * weights[1]) == "price * weights[1]"


# ---- brackets


def graph_tree(node: Any) -> Any:
    """What a graph computes, as nested tuples."""
    if type(node) is not Value:
        return repr(node)
    if node.primitive is None:
        return node.label
    parts = node.vectors or node.operands
    return node.primitive.name, *(
        tuple(map(graph_tree, part)) if type(part) is tuple else graph_tree(part) for part in parts
    )


OPERATORS = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide", ast.Pow: "power"}


def text_tree(node: Any) -> Any:
    """What a text says, as nested tuples."""
    if isinstance(node, list):
        return tuple(map(text_tree, node))
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)], text_tree(node.left), text_tree(node.right)
    if isinstance(node, ast.UnaryOp):
        inside = text_tree(node.operand)
        return f"-{inside}" if isinstance(node.operand, ast.Constant) else ("negative", inside)
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        name = SPOKEN.get(node.func.id, node.func.id)
        arguments = [x.elts if isinstance(x, ast.List) else x for x in node.args]
        return name, *([text_tree(arguments)] if PRIMITIVES[name].vectors == 1 else map(text_tree, arguments))
    return repr(float(node.value)) if isinstance(node, ast.Constant) else node.id


def parsed(written: str) -> Any:
    return text_tree(ast.parse(written.strip(), mode="eval").body)


def without_one_pair(written: str) -> Iterator[str]:
    """The text without one pair of brackets, for each that is not of a call."""
    opened = []
    for place, character in enumerate(written):
        if character == "(":
            opened.append(place)
        elif character == ")":
            start = opened.pop()
            if not written[:start][-1:].isidentifier():
                yield f"{written[:start]} {written[start + 1 : place]} {written[place + 1 :]}"


def is_needed(without: str, tree: Any) -> bool:
    try:
        return bool(parsed(without) != tree)
    except SyntaxError:
        return True


@given(recipes(steps=8))
def test_the_text_is_the_graph_and_no_bracket_is_too_many(recipe: Recipe) -> None:
    for y in with_derivatives(recipe):
        tree = graph_tree(y)
        for written in (python_text(y).text, text(y, precision=17)):
            assert parsed(written) == tree, written
            assert all(is_needed(without, tree) for without in without_one_pair(written)), written


def test_operators_in_all_pairs_have_the_brackets_that_they_need() -> None:
    """Each operation with each in each of its places: graphs that the generator may miss."""
    a, b, c = (Value(number, label) for number, label in [(1.5, "a"), (2.5, "b"), (3.0, "c")])
    pairs = [lambda x, y: x + y, lambda x, y: x - y, lambda x, y: x * y, lambda x, y: x / y, lambda x, y: x**y]
    binary = [*pairs, lambda x, y: x.exp(), lambda x, y: -x]
    inner = [f(a, b) for f in binary] + [Value(-3.0, "d"), (-a).__neg__()]
    made = [f(x, c) for f in binary for x in inner] + [f(c, x) for f in pairs for x in inner]
    made += [f(x, -2.0) for f in pairs for x in inner if x.data > 0] + [f(-2.0, x) for f in pairs[:4] for x in inner]
    for y in [made_again for x in made for made_again in (x, -x, x * x)]:
        tree = graph_tree(y)
        for written in (python_text(y).text, text(y, precision=17)):
            assert parsed(written) == tree, written
            assert all(is_needed(without, tree) for without in without_one_pair(written)), written


# ---- known results


def letters() -> tuple[Value, ...]:
    numbers = [(3.0, "a"), (2.0, "b"), (4.0, "c"), (-3.0, "x"), (0.25, "ŷ"), (1.0, "w1_21")]
    return tuple(Value(number, label) for number, label in numbers)


a, b, c, x, y_hat, w = letters()


@pytest.mark.parametrize(
    ("y", "as_text", "as_latex"),
    [
        (a * b + c, "a * b + c", r"a \cdot b + c"),
        ((a + b) * c, "(a + b) * c", r"\left(a + b\right) \cdot c"),
        (a - (b - c), "a - (b - c)", r"a - \left(b - c\right)"),
        (a - b - c, "a - b - c", "a - b - c"),
        (x**2, "x ** 2", "{x}^{2}"),
        (Value(-3.0) ** x, "v1 ** x", "{v_{1}}^{x}"),
        (-(3.0 ** Value(2.0, "n")), "-3 ** n", "-{3}^{n}"),
        ((-3.0) ** Value(2.0, "n"), "(-3) ** n", r"{\left(-3\right)}^{n}"),
        (a ** (b + 1), "a ** (b + 1)", "{a}^{b + 1}"),
        (a**-2, "a ** -2", "{a}^{-2}"),
        (a**b**c, "a ** b ** c", "{a}^{{b}^{c}}"),
        ((a**b) ** c, "(a ** b) ** c", r"{\left({a}^{b}\right)}^{c}"),
        ((a / b) ** 2, "(a / b) ** 2", r"{\left(\frac{a}{b}\right)}^{2}"),
        (a / (b * c), "a / (b * c)", r"\frac{a}{b \cdot c}"),
        (c * (a / b), "c * (a / b)", r"c \cdot \frac{a}{b}"),
        (-(a / b), "-(a / b)", r"-\frac{a}{b}"),
        ((-a).__neg__(), "--a", r"-\left(-a\right)"),
        (a - -b, "a - -b", r"a - \left(-b\right)"),
        (a * -2.0, "a * -2", r"a \cdot \left(-2\right)"),
        (-a * b, "-a * b", r"-a \cdot b"),
        (0.5 * (y_hat - a) ** 2, "0.5 * (ŷ - a) ** 2", r"0.5 \cdot {\left(\hat{y} - a\right)}^{2}"),
        ((w * a).relu(), "relu(w1_21 * a)", r"\operatorname{ReLU}\left(w_{1,21} \cdot a\right)"),
        (x.absolute() + a.sqrt(), "abs(x) + sqrt(a)", r"\left|x\right| + \sqrt{a}"),
        (a * 1e-5, "a * 1e-05", r"a \cdot 1 \times 10^{-5}"),
        (a.maximum(b), "max(a, b)", r"\max\left(a, b\right)"),
        (
            autograd.dot([a, b], [c, 1]) ** 2,
            "dot([a, b], [c, 1]) ** 2",
            r"{\left(\left(a, b\right) \cdot \left(c, 1\right)\right)}^{2}",
        ),
        (a, "a", "a"),
        (a + math.inf, "a + inf", r"a + \infty"),
    ],
)
def test_known_formulas(y: Value, as_text: str, as_latex: str) -> None:
    assert (text(y), latex(y)) == (as_text, as_latex)


def test_a_label_that_reads_as_an_operation_is_kept_together() -> None:
    error, rate = Value(2.0, "ŷ − y"), Value(3.0, "learning rate")
    assert text(error**2 * rate) == "(ŷ − y) ** 2 * (learning rate)"
    assert text(rate + error.exp()) == "learning rate + exp(ŷ − y)"


def test_precision_is_in_significant_digits_and_17_are_all() -> None:
    y = Value(2.0, "x") * (1 / 3)
    assert [text(y, precision=digits) for digits in (1, 4, 10)] == ["x * 0.3", "x * 0.3333", "x * 0.3333333333"]
    assert text(y, precision=17) == "x * 0.3333333333333333"
    assert text(Value(2.0, "x") * 1e-30) == "x * 1e-30"
    for tell in (text, latex):
        with pytest.raises(ValueError, match="precision is a number of significant digits, 1 or more; got 0"):
            tell(y, precision=0)


# ---- the limit


def doubled(levels: int) -> Value:
    y = Value(0.5, "x")
    for _ in range(levels):
        y = y + y
    return y


@pytest.mark.parametrize("tell", [text, latex, python_text])
@pytest.mark.parametrize("levels", [10, 1000, DEEP])
def test_above_a_thousand_symbols_assignments_are_offered(tell: Any, levels: int) -> None:
    y = doubled(levels)
    with pytest.raises(ValueError, match="of this graph") as refused:
        tell(y)
    assert str(refused.value) == (
        f"the text of this graph has more than 1,000 names and constants ({levels + 1:,} nodes):"
        " assignments(y) names every intermediate value instead"
    )


@pytest.mark.parametrize("tell", [text, latex, python_text])
def test_a_thousand_symbols_are_told_and_one_more_is_not(tell: Any) -> None:
    operands = [Value(1.0, "x")] * MOST_SYMBOLS
    assert tell(autograd.sum(operands))
    with pytest.raises(ValueError, match="assignments"):
        tell(autograd.sum([*operands, 1.0]))


def test_a_chain_of_a_thousand_symbols_is_read_back() -> None:
    y = Value(0.1, "x")
    for _ in range(MOST_SYMBOLS - 1):
        y = y - 0.1
    assert is_same(evaluated(y), y.data)


@pytest.mark.parametrize("step", [lambda x: x.tanh(), lambda x: 1.0 - x, lambda x: -x], ids=["tanh", "1 - x", "-x"])
def test_a_deep_chain_is_refused_and_not_a_recursion(step: Any) -> None:
    y = Value(0.5, "x")
    for _ in range(DEEP):
        y = step(y)
    for tell in (text, latex, python_text):
        with pytest.raises(ValueError, match="assignments"):
            tell(y)


@pytest.mark.parametrize("step", [lambda x: x.tanh(), lambda x: 0.5 - x, lambda x: 2.0 ** (x * 0.1)])
def test_what_python_is_offered_it_can_read(step: Any) -> None:
    """Python refuses 200 brackets one inside the other."""
    y = Value(0.5, "x")
    for _ in range(MOST_NESTED):
        y = step(y)
        if is_short(y):
            assert is_same(evaluated(y), y.data)
    for _ in range(2):
        y = step(y)
    with pytest.raises(ValueError, match=f"more than {MOST_NESTED} brackets one inside the other .*assignments"):
        python_text(y)
    assert text(y)


@pytest.mark.parametrize("tell", [text, latex, python_text])
def test_what_is_no_value_is_refused(tell: Any) -> None:
    with pytest.raises(TypeError, match=r"the text of a Value can be told; got float 3\.0"):
        tell(3.0)


# ---- LaTeX


@given(recipes())
def test_latex_is_mathematics_that_matplotlib_reads(recipe: Recipe) -> None:
    for y in with_derivatives(recipe)[:2]:
        read(latex(y))


@pytest.mark.parametrize("name", PRIMITIVES)
def test_latex_of_each_primitive_is_read(name: str) -> None:
    for point in samples.SAMPLES[name][:3]:
        y, _ = recorded(name, point, labels="x")
        read(latex(y))
        read(latex((y * 2.0).exp(), precision=17))


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, 1e-300, -1e300, -0.0, 123456789.0])
def test_numbers_of_every_kind_are_read(number: float) -> None:
    read(latex(Value(1.0, "x") * number + Value(number)))


@given(st.lists(st.text(max_size=6) | st.text("#$%&_{}\\^~'\"`<>|[] a1", max_size=6), min_size=1, max_size=4))
@example(HOSTILE)
@pytest.mark.filterwarnings("ignore")
def test_latex_of_any_label_is_read(labels: list[str]) -> None:
    leaves = [Value(1.0, label) for label in labels]
    read(latex(autograd.sum(leaves) + leaves[0] ** 2 / leaves[-1]))


# ---- the table


def test_the_table_has_one_row_for_each_primitive_in_order() -> None:
    rows = primitives_table().splitlines()[2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == list(PRIMITIVES)


@pytest.mark.parametrize(
    ("primitive", "texts"),
    [
        ("multiply", ["y", "x"]),
        ("divide", ["1 / y", "-out / y"]),
        ("sigmoid", ["out * (1 - out)"]),
        ("tanh", ["1 - out * out"]),
        ("dot", ["x", "w"]),
        ("power", ["y * x ** (y - 1 + equal(y, 0))", "out * log(x + equal(x, 0))"]),
    ],
)
def test_partials_read_as_in_a_book(primitive: str, texts: list[str]) -> None:
    row = PRIMITIVES[primitive]
    assert [partial_text(row, formula) for formula in row.partials] == texts
