"""Tests of the explorer in a real browser: what it shows is what the engine computes, and it tells it in its words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from autograd import DomainError, Value, maximum, show_page, topological_order, write_page
from autograd import sum as sum_of
from autograd.contracts.operands import Point
from autograd.derivatives import local_partials, scales
from autograd.drawing.roles import Given
from autograd.explanation.chain_rule import explain
from autograd.namespaces import floats
from autograd.notation import names, screens
from autograd.notation.names import Names
from autograd.notation.screens import LONGEST_NAME, shortened
from autograd.notation.typesetting import FULL, Mathematics, short
from autograd.page.contents import Graph, Settings, contents, isolated
from autograd.primitives import PRIMITIVES, Primitive, elementwise_partials, is_constant_zero
from autograd.stepping import passes
from autograd.strategies.recipes import random_recipe, recorded_leaves, recorded_places
from autograd.value import adjoints
from demos.document_000 import apartment
from demos.document_003 import exercise
from nn import MLP, mse
from tests.browser import DESK, END, ESCAPE, HOME, LEFT, PHONE, RIGHT, Browser, Numbers
from tests.hostile_labels import HOSTILE, MERMAID, random_label
from tests.oracles import TOLERANCE
from tests.samples import INF, NAN, OUTSIDE, SAMPLES
from tests.test_stepping import awkward

GRAPHS = 50

ULPS = 8
"""Units in the last place by which a function of the browser may differ from Python's."""

INJECTIONS = [
    "<script>window.broken = 1</script>",
    "</script><script>window.broken = 1</script>",
    "<!--<script>",
    "<img src=x onerror='window.broken = 1'>",
    "</style><svg onload='window.broken = 1'>",
    "</title><script>window.broken = 1</script>",
    '"><script>window.broken = 1</script>',
    "${window.broken = 1}",
    "$title $script",
    "`;window.broken = 1;`",
    "\u2028window.broken = 1\u2029",
    "__proto__",
    "constructor",
]
"""Labels that would run where they are taken for anything but text."""


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Any:
    """Writes the page of a graph and opens it. At the end nothing was said on the console, and nothing asked for."""

    def write_and_open(y: Value, **options: Any) -> Browser:
        write_page(y, tmp_path / "page.html", **options)
        browser.open(tmp_path / "page.html")
        return browser

    if not browser.driver.current_url.endswith("/page.html"):  # one that asks for pictures, and maybe only now
        browser.driver.get("about:blank")
    browser.frame(*DESK)
    browser.complaints()
    browser.requests()
    yield write_and_open
    assert browser.complaints() == []
    assert {address for address in browser.requests() if not address.startswith("blob:")} <= {
        (tmp_path / "page.html").as_uri()
    }


def exercise_graph() -> Value:
    return exercise.forward(exercise.GIVEN).J


def apartment_graph() -> Value:
    return apartment.forward().error


def generated() -> list[Value]:
    random = Random(7)
    recipes = [random_recipe(random, leaves=random.randint(1, 4), steps=random.randint(2, 14)) for _ in range(GRAPHS)]
    return [recorded_places(recipe, recorded_leaves(recipe))[-1] for recipe in recipes]


def assert_numbers_are_the_engines(shown: dict[str, Numbers], y: Value) -> None:
    """To 1e-12 of the scale of each: the sum over paths of |product|, and for values the largest operand in sight."""
    order = topological_order(y)
    called, sums, sizes = Names(order), adjoints(y), dict(zip(order, scales(y, order)))
    assert len(shown) == len(order)
    largest = max(1.0, *(abs(node.data) for node in order))
    for node in order:
        value, adjoint = shown[called[node]]
        assert abs(value - node.data) <= TOLERANCE * largest, called[node]
        assert abs(adjoint - sums[node]) <= TOLERANCE * max(sizes[node], 1e-300), called[node]


# ---- the formulas


def agrees(x: float, y: float, scale: float = 0.0) -> bool:
    if math.isnan(x) or math.isnan(y):
        return math.isnan(x) and math.isnan(y)
    if math.isinf(x) or math.isinf(y):
        return x == y
    return abs(x - y) <= ULPS * max(math.ulp(x), math.ulp(scale))


def points(name: str) -> list[Point]:
    """The samples, points outside, ties, and what is no finite number."""
    row = PRIMITIVES[name]
    strange = (0.0, -0.0, 1.0, -1.0, 2.0, INF, -INF, NAN)
    if row.vectors:
        vectors = [(2.0, 2.0, 1.0), (1.0, 2.0, 2.0), (NAN, 1.0), (1.0, NAN), (INF, INF), (-INF, -INF), (-INF, 3.0)]
        return [*SAMPLES[name], *[(vector,) * row.vectors for vector in vectors]]
    outside = [point for point, _ in OUTSIDE.get(name, [])]
    return [*SAMPLES[name], *outside, *product(strange, repeat=len(row.operands))]


def expected(row: Primitive, point: Point) -> list[float]:
    """The value, the partials, for n-ary rows element by element, and of each condition whether it is violated."""
    out = row.value(floats, *point)
    if row.vectors:
        partials = [x for each in elementwise_partials(row, floats, list(zip(*point)), out) for x in each]
        return [out, *partials]
    partials = [partial(floats, *point, out) for partial in row.partials]
    constant = [x for x in partials if not is_constant_zero(x)]
    return [out, *constant, *(requirement.violated(floats, *point) for requirement in row.domain)]


COMPUTED = """
const read = (x) => Array.isArray(x) ? x.map(read) : Number(x.replace("inf", "Infinity"));
const row = TABLE[arguments[0]];
return arguments[1].map((point) => {
  const operands = read(point);
  const out = row.value(floats, ...operands);
  if (!row.vectors) {
    const partials = row.partials.filter(Boolean).map((formula) => formula(floats, ...operands, out));
    return [out, ...partials, ...row.domain.map((each) => each.violated(floats, ...operands))].map(String);
  }
  let taken = 0;
  const partials = operands[0].flatMap((_, i) => {
    const each = row.partials.map((formula) => formula(floats, ...operands.map((vector) => vector[i]), out));
    const shared = row.selects ? each.map((x) => x * (1 - taken)) : each;
    taken += shared[0];
    return shared;
  });
  return [out, ...partials].map(String);
});
"""


@pytest.mark.parametrize("name", PRIMITIVES)
def test_the_formulas_in_javascript_give_what_the_table_gives(browser: Browser, name: str) -> None:
    row, tried = PRIMITIVES[name], points(name)
    texts = [[list(map(repr, x)) if isinstance(x, tuple) else repr(x) for x in point] for point in tried]
    for point, found in zip(tried, browser.engine(COMPUTED, name, texts)):
        numbers = [float({"true": "1", "false": "0"}.get(text, text)) for text in found]
        wanted = list(map(float, expected(row, point)))
        scale = 1.0 if row.saturates or name in ("logsumexp", "softplus") else 0.0
        assert len(numbers) == len(wanted)
        assert all(agrees(x, y, scale) for x, y in zip(numbers, wanted)), (point, numbers, wanted)


def test_numbers_are_written_as_the_engine_writes_them(browser: Browser) -> None:
    random = Random(3)
    numbers = [random.uniform(-1, 1) * 10 ** random.randint(-12, 20) for _ in range(3000)]
    numbers += [float(f"{random.randint(1, 99999)}e{random.randint(-8, 18)}") for _ in range(3000)]
    numbers += [random.randint(-(10**6), 10**6) / 2**k for k in range(12) for _ in range(100)]  # ties
    numbers += [0.0, -0.0, 1.0, 1e22, 1e16, 123456789012345680.0, 5e-324, 1.7976931348623157e308, 0.0001, 0.00001]
    numbers += [INF, -INF, NAN, 9999.5, 99995.0, 0.5, 1.5, 2.5]
    for digits in (1, 4, 8, FULL):
        found = browser.engine(
            "return arguments[0].map((x) => short(Number(x.replace('inf', 'Infinity')), arguments[1]))",
            list(map(repr, numbers)),
            digits,
        )
        assert found == [short(x, digits) for x in numbers], digits


# ---- the words


def told_by_page(browser: Browser, ys: Sequence[Value], script: str) -> Any:
    """What a script tells of each graph, with its `graph` and its `state`."""
    graphs = [contents(Graph(y, Given(), 4, 10_000), Settings(4, 0.1)) for y in ys]
    head = "const graph = new Graph(contents); const state = computed(graph, graph.recorded);"
    return browser.engine(f"return arguments[0].map((contents) => {{ {head} {script} }})", graphs)


@pytest.fixture(autouse=True)
def _labels_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables give no names: a test asks twice, from places with other variables."""
    monkeypatch.setattr(names, "names_of", lambda *_: {})


EXPLAINED = """
return graph.parts.flatMap((part, x) => part.name === undefined ? [] :
  [explained(graph, state, x, 4).lines.map((line) => [line.left, line.right, line.remark, Boolean(line.isBelow)])]);
"""

STEPS = """
const hand = new Mathematics(graph, 4, true);
return graph.inner.flatMap((_, i) => [i + 1, graph.inner.length + i + 1]).map((position) => {
  const told = stepTold(graph, state, position, hand);
  const head = `${told.title}: ${told.equal.join(" = ")}`;
  return [position, [[head, ...told.remarks.slice(0, 1)].join(", "), ...told.remarks.slice(1),
    ...(told.flows.length ? HEADINGS : []), ...told.flows.flatMap((flow) => flow.cells)].join(" ")];
});
"""


def with_names() -> list[Value]:
    x, a, b = Value(1.5, "x"), Value(-2.0, "a b"), Value(0.3, "ŷ − y")
    wide = sum_of([x * k for k in range(1, 12)]) * x
    deep = x
    for _ in range(25):
        deep = deep * a * b
    doubling = x
    for _ in range(60):
        doubling = doubling + doubling
    quotient = Value(2.0, "u") / (x * a * b)
    quotient.label = "q"
    return [
        (x * a - b) ** 2 / (x * x),
        wide,
        deep,
        -(x - a) * (b.tanh() + 1.00001),
        quotient**2,
        x * 1.0001 - x,
        doubling,
        exercise_graph(),
        apartment_graph(),
    ]


@pytest.mark.parametrize("make", [generated, awkward, with_names])
def test_a_derivative_is_explained_in_the_words_of_explain(browser: Browser, make: Any) -> None:
    graphs = make()
    for y, told in zip(graphs, told_by_page(browser, graphs, EXPLAINED)):
        for x, found in zip(topological_order(y), told):
            explanation = explain(y, x)
            lines = explanation.lines(Mathematics(explanation._words.name))
            wanted = [[line.left, line.right, line.remark, line.below] for line in lines]
            assert sorted(found) == sorted(wanted), (y, x)
            assert found[0] == wanted[0]


RECEIVED = """
const parts = graph.parts.flatMap((part, x) => (part.name === undefined ? [] : [x]));
return Array.from({ length: 2 * graph.inner.length + 1 }, (_, position) =>
  parts.map((part) => received(graph, part, position)));
"""


def test_a_part_has_received_what_the_steps_so_far_had_for_it(browser: Browser) -> None:
    graphs = generated()
    for y, told in zip(graphs, told_by_page(browser, graphs, RECEIVED)):
        uses = dict.fromkeys(topological_order(y), 0)
        received = [list(uses.values())]
        for step in y.steps():
            if isinstance(step, passes.BackwardStep):
                for operand in chain.from_iterable(step.node.vectors or [step.node.operands]):
                    if isinstance(operand, Value):
                        uses[operand] += 1
            received.append(list(uses.values()))
        assert told == [[list(pair) for pair in zip(done, received[-1])] for done in received]


@pytest.mark.parametrize("make", [generated, awkward, with_names])
def test_a_step_is_told_in_the_words_of_the_stepper(
    browser: Browser, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (screens, passes):  # the page has no columns, and room for all flows
        monkeypatch.setattr(module, "COLUMNS", 10_000)
    monkeypatch.setattr(passes, "MOST_FLOWS", 1_000)
    graphs = make()
    for y, told in zip(graphs, told_by_page(browser, graphs, STEPS)):
        steps = dict(enumerate(y.steps(), start=1))
        assert len(told) == len(steps)
        for position, found in told:
            assert " ".join(found.split()) == " ".join(repr(steps[position]).split())


# ---- the page


@pytest.mark.parametrize("make", [exercise_graph, apartment_graph])
def test_a_document_is_stepped_changed_and_descended_with_the_numbers_of_the_engine(opened: Any, make: Any) -> None:
    y = make()
    leaf = next(node for node in topological_order(y) if node.label.startswith("w1"))
    weights = [node for node in topological_order(y) if not node.primitive and node.label[:1] in ("w", "b")]
    browser = opened(y, parameters=weights, lr=1e-5)
    assert_numbers_are_the_engines(browser.numbers(), y)
    browser.type_leaf(leaf.label, "0.75")
    leaf.data = 0.75
    assert_numbers_are_the_engines(browser.numbers(), y.refresh())
    browser.click("descend")
    sums = adjoints(y)
    for node in weights:
        node.data -= 1e-5 * sums[node]
    assert_numbers_are_the_engines(browser.numbers(), y.refresh())
    assert browser.text("title") == f"{y.label} = {Mathematics().number(y.data)}"
    browser.click("reset")
    assert_numbers_are_the_engines(browser.numbers(), make())


def test_fifty_generated_graphs_are_shown_with_the_numbers_of_the_engine(opened: Any) -> None:
    y = sum_of(generated())
    browser = opened(y, max_nodes=2_000)
    assert_numbers_are_the_engines(browser.numbers(), y)
    for name, number in (("x0", 0.75), ("x1_7", -1.25), ("x2_5", 1.1)):
        browser.type_leaf(name, str(number))
        leaf = dict(zip(map(Names(topological_order(y)).__getitem__, topological_order(y)), topological_order(y)))[name]
        leaf.data = number
    assert_numbers_are_the_engines(browser.numbers(), y.refresh())


def test_the_keys_step_forward_and_back_and_the_slider_and_buttons_agree(opened: Any) -> None:
    y = apartment_graph()
    browser, steps = opened(y), y.steps()
    last = len(steps)
    browser.press(HOME)
    assert browser.text("where") == "start"
    assert browser.texts(".node.pending .number") == ["·"] * (last // 2)
    for _ in range(last):
        browser.press(RIGHT)
        step = steps.next()
        assert browser.text("step-title") in repr(step)
        assert browser.texts(".node.active .name") == [steps._passes.names[step.node]]
        assert browser.run("return document.getElementById('slider').value") == str(steps.position)
        assert browser.text("live").startswith(browser.text("step-title"))
    assert browser.run("return document.getElementById('next').disabled")
    browser.press(LEFT)
    browser.click("back")
    assert browser.text("step-title") == f"backward {last // 2 - 2} of {last // 2}"
    slide = "const s = document.getElementById('slider'); s.value = 3; s.dispatchEvent(new Event('input'))"
    browser.run(slide)
    assert browser.text("step-title") == f"forward 3 of {last // 2}"
    browser.press(END)
    assert browser.text("where") == "end"


def test_in_the_backward_pass_the_running_sums_are_shown(opened: Any) -> None:
    x = Value(4.5, "x")
    p, q = x * 2, x * 5
    p.label, q.label = "p", "q"
    y = p + q
    y.label = "y"
    browser = opened(y)
    browser.press(HOME)
    seen = []
    for _ in range(6):
        browser.press(RIGHT)
        seen.append(dict(zip(browser.texts(".node .name"), browser.texts(".node .adjoint"))))
    assert [each["x"] for each in seen] == ["", "", "", "", "∂ 5", "∂ 7"]
    assert [each["p"] for each in seen] == ["", "", "", "∂ 1", "∂ 1", "∂ 1"]


def test_a_chosen_node_tells_its_formula_and_why_and_lights_its_paths(opened: Any) -> None:
    y = exercise_graph()
    browser = opened(y)
    browser.choose("w1_21")
    told = browser.texts("#why .right")
    x = next(node for node in topological_order(y) if node.label == "w1_21")
    explanation = y.explain(x)
    assert told == [f"= {line.right}" for line in explanation.lines(Mathematics(explanation._words.name))]
    lit = {edge.node.label for edge in explanation.paths[0].path.edges if edge.node.label}
    assert lit <= set(browser.texts(".node.lit .name"))
    assert "x1" not in browser.texts(".node.lit .name")
    browser.press(ESCAPE)
    assert browser.run("return document.getElementById('node').hidden")


def test_of_several_paths_one_can_be_lit_alone(opened: Any) -> None:
    x = Value(1.5, "x")
    p, q = x * 2, x * 5
    p.label, q.label = "p", "q"
    browser = opened(p + q)
    browser.choose("x")
    assert len(browser.texts("#why .path")) == 2
    browser.driver.find_element("css selector", "#why .path").click()
    assert browser.texts("#why [aria-pressed=true] .right") == ["= ∂v1/∂q · ∂q/∂x = 1 · 5 = 5"]
    assert {"q"} == set(browser.texts(".node.lit .name")) & {"p", "q"}


def test_a_number_outside_of_a_domain_is_told_and_what_was_known_stays(opened: Any) -> None:
    x, one = Value(2.0, "x"), Value(1.0, "one")
    inner = x - one
    inner.label = "inner"
    y = inner.log() * x
    browser = opened(y)
    before = browser.numbers()
    browser.type_leaf("x", "0.5")
    x.data = 0.5
    with pytest.raises(DomainError) as refused:
        y.refresh()
    assert str(refused.value) in browser.text("refusal")
    assert "v1" in browser.text("refusal")
    assert "stale" in browser.text("refusal")
    assert browser.numbers() == before
    assert browser.run("return document.getElementById('picture').classList.contains('stale')")
    assert browser.run("return document.getElementById('descend').disabled")
    browser.type_leaf("one", "0.25")
    x.data, one.data = 0.5, 0.25
    assert browser.run("return document.getElementById('refusal').hidden")
    assert_numbers_are_the_engines(browser.numbers(), y.refresh())


def test_what_is_refused_is_told_in_the_digits_that_are_asked_for(opened: Any) -> None:
    x = Value(2.0, "x")
    browser = opened((x / 3).log())
    browser.type_leaf("x", "-1")
    assert "log needs x > 0; got -0.3333 (" in browser.text("refusal")
    choose_digits(browser, 17)
    assert "log needs x > 0; got -0.3333333333333333 (" in browser.text("refusal")
    browser = opened((1 - Value(1.5, "x")).log1p(), precision=2)
    browser.type_leaf("x", "2.00001")
    assert "got -1.00001" in browser.text("refusal"), "what is rounded to the bound looks as if it were inside"


def test_a_number_that_is_corrected_is_said_anew(opened: Any) -> None:
    x = Value(2.0, "x")
    y = x * 3
    y.label = "y"
    browser = opened(y)
    browser.choose("x")
    browser.type_leaf("x", "abc")
    assert (browser.text("refusal")[:16], browser.text("live")) == ("abc is no number", "")
    browser.type_leaf("x", "5")
    assert (browser.text("refusal"), browser.text("live")) == ("", "y = 15")


@pytest.mark.parametrize("typed", ["", "two", "1.2.3", "0x10", "1e", "<b>1</b>"])
def test_what_is_no_number_is_refused_in_words(opened: Any, typed: str) -> None:
    browser = opened(Value(2.0, "x") * 3)
    before = browser.numbers()
    browser.type_leaf("x", typed)
    assert "is no number" in browser.text("refusal")
    assert browser.numbers() == before


@pytest.mark.parametrize(("typed", "number"), [("−1,5", -1.5), ("1e3", 1000.0), (" .5 ", 0.5), ("-2.", -2.0)])
def test_numbers_are_read_as_people_type_them(opened: Any, typed: str, number: float) -> None:
    browser = opened(Value(2.0, "x") * 1.0)
    browser.type_leaf("x", typed)
    assert browser.numbers()["x"].value == number


def test_the_slider_of_a_leaf_changes_it_and_reaches_on_from_its_end(opened: Any) -> None:
    x = Value(0.5, "x")
    y = x.tanh()
    browser = opened(y)
    slide = """
    const slider = document.querySelector('#leaves-list input[type=range]');
    slider.value = arguments[0];
    for (const kind of ['input', 'change']) slider.dispatchEvent(new Event(kind));
    return [Number(slider.value), Number(slider.min), Number(slider.max)];
    """
    place, least, most = browser.run(slide, 0.75)
    assert (place, least, most) == (0.75, -0.5, 1.5)
    x.data = 0.75
    assert_numbers_are_the_engines(browser.numbers(), y.refresh())
    place, least, most = browser.run(slide, 1.5)
    assert least < place == 1.5 < most


def test_a_leaf_is_dragged_in_the_picture_and_everything_follows(opened: Any) -> None:
    from selenium.webdriver import ActionChains

    x = Value(2.0, "x")
    y = x * x
    browser = opened(y)
    node = browser.driver.find_element("css selector", ".node.leafy")
    ActionChains(browser.driver, duration=0).drag_and_drop_by_offset(node, 40, 0).perform()
    moved = browser.numbers()["x"].value
    assert moved > 2.0
    x.data = moved
    assert_numbers_are_the_engines(browser.numbers(), y.refresh())


def test_a_descent_that_leaves_a_domain_or_has_no_finite_gradient_takes_no_step(opened: Any) -> None:
    x = Value(0.5, "x")
    browser = opened(x.log(), lr=10.0)
    before = browser.numbers()
    browser.click("descend")
    assert "No step is taken" in browser.text("descent-told")
    assert "log needs x > 0" in browser.text("descent-told")
    assert browser.numbers() == before
    zero = Value(0.0, "x")
    browser = opened(zero.sqrt())
    browser.click("descend")
    assert "No step is taken" in browser.text("descent-told")


def network(examples: int) -> tuple[MLP, Value]:
    model = MLP(2, [4, 1], activation="tanh", output_activation="sigmoid", seed=0)
    points = [(k % 2, k // 2 % 2) for k in range(examples)]
    loss = mse([model(point) for point in points], [(a + b) % 2 for a, b in points])
    loss.label = "loss"
    return model, loss


def test_a_large_graph_opens_collapsed_and_a_group_opens_and_closes(opened: Any) -> None:
    model, loss = network(examples=36)
    browser = opened(loss, parameters=model)
    closed = browser.texts(".node.collapsed .name")
    assert "layer1.neuron2" in closed
    assert len(browser.texts(".node")) < 40
    browser.choose("layer1.neuron2")
    assert "layer1.neuron2" not in browser.texts(".node.collapsed .name")
    assert "layer1.neuron2.w[0]" in browser.texts(".node .name")
    browser.choose("layer1.neuron2.w[0]")
    browser.driver.find_element("css selector", "#node-told button").click()
    assert browser.texts(".node.collapsed .name") == closed
    assert_numbers_are_the_engines(browser.numbers(), loss)


def test_hostile_labels_are_text_and_run_nothing(opened: Any) -> None:
    random = Random(5)
    hostile = [*INJECTIONS, *HOSTILE, *MERMAID]
    labels = [*hostile, *[random_label(random) + random.choice(INJECTIONS) for _ in range(2_000 - len(hostile))]]
    y = sum_of([Value(1.0, label) for label in labels])
    y.label = INJECTIONS[1]
    browser = opened(y, max_nodes=3_000)
    graph = Graph(y, Given(), 4, 3_000)
    names_shown = [isolated(shortened(graph.names[node], LONGEST_NAME)) for node in graph.passes.order]
    assert [row[0] for row in browser.rows()] == names_shown
    assert browser.run("return window.broken") is None
    assert browser.run("return document.title") == f"{graph.name} – explorer"
    assert browser.run("return document.scripts.length") == 2
    assert browser.run("return document.querySelectorAll('img, iframe, object').length") == 0
    browser.run("document.getElementById('grouping').value = 'none';")
    browser.run("document.getElementById('grouping').dispatchEvent(new Event('input'))")
    assert browser.texts(".node .name") == names_shown
    assert browser.run("return window.broken") is None


def test_the_policy_lets_nothing_out_and_no_other_script_in(opened: Any) -> None:
    browser = opened(Value(2.0, "x") * 3)
    script = """
    const done = arguments[0], seen = [];
    document.addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
    const add = (name, more) => document.body.append(Object.assign(document.createElement(name), more));
    add("script", { textContent: "window.broken = 1" });
    add("img", { src: "http://127.0.0.1:9/x.png" });
    add("style", { textContent: "body { display: none }" });
    fetch("http://127.0.0.1:9/").catch(() => {});
    const told = () => done([seen.sort(), window.broken ?? null, getComputedStyle(document.body).display]);
    const wait = (times) => setTimeout(() => (seen.length < 4 && times ? wait(times - 1) : told()), 100);
    wait(100);
    """
    seen, broken, display = browser.driver.execute_async_script(script)
    assert seen == ["connect-src", "img-src", "script-src-elem", "style-src-elem"]
    assert (broken, display) == (None, "flex")
    browser.complaints()  # the browser says what it has blocked


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_as_on_a_desk_it_is_as_wide_as_the_window(
    opened: Any, browser: Browser, size: tuple[int, int], dark: bool
) -> None:
    browser.frame(*size, dark=dark)
    opened(exercise_graph())
    browser.choose("w1_21")
    width, paper = browser.run(
        "return [document.scrollingElement.scrollWidth, getComputedStyle(document.body).backgroundColor]"
    )
    assert width == size[0]
    assert paper == ("rgb(20, 24, 29)" if dark else "rgb(255, 255, 255)")
    browser.click("theme")
    assert browser.run("return getComputedStyle(document.body).backgroundColor") != paper


def test_everything_that_can_be_used_has_a_name_and_a_role(opened: Any) -> None:
    browser = opened(exercise_graph())
    nameless = browser.run(
        "return [...document.querySelectorAll('button, input, select, summary, [role=button]')].filter((e) =>"
        " !(e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent).trim()).length"
    )
    assert nameless == 0
    assert len(browser.texts(".node[tabindex='0']")) == 1
    assert browser.run("return document.querySelector('.node[tabindex=\"0\"]').getAttribute('aria-label')") == (
        "J, multiply, value 10.02, adjoint 1"
    )
    assert browser.run("return document.getElementById('live').getAttribute('aria-live')") == "polite"


def test_the_page_of_a_notebook_works_in_a_frame_that_may_run_scripts_alone(opened: Any, tmp_path: Path) -> None:
    browser = opened(Value(1.0, "x") * 2)
    x = Value(2.0, "x")
    y = x * x
    y.label = "y"
    (tmp_path / "notebook.html").write_text(f"<!doctype html><body>{show_page(y)._repr_html_()}", encoding="utf-8")
    browser.open(tmp_path / "notebook.html")
    browser.driver.switch_to.frame(0)
    assert browser.text("title") == "y = 4"
    browser.press(HOME)
    browser.type_leaf("x", "3")
    assert browser.text("title") == "y = 9"
    assert browser.run("return window.origin") == "null"
    browser.driver.switch_to.default_content()
    browser.requests()
    browser.open(tmp_path / "page.html")


def test_without_scripts_the_values_are_a_table(opened: Any) -> None:
    x = Value(2.0, "x")
    y = x * x
    y.label = "y"
    browser = opened(x * 1)
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser = opened(y)
        shown = browser.driver.find_element("id", "static").text
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert "y · 4" in " ".join(shown.split()).replace("*", "·")


def test_the_page_of_a_leaf_alone_says_that_nothing_is_computed(opened: Any) -> None:
    browser = opened(Value(7.0, "x"))
    assert browser.text("step-title") == "A leaf"
    assert browser.numbers() == {"x": Numbers(7.0, 1.0)}
    browser.press(RIGHT)
    browser.choose("x")
    assert browser.texts("#why .remark") == ["it is the variable itself"]


# ---- the picture


def transform(browser: Browser) -> tuple[float, float, float]:
    """Where the picture stands in its frame, and how large it is."""
    x, y, zoom = browser.run("const { e, f, a } = document.querySelector('.canvas').getCTM(); return [e, f, a]")
    return x, y, zoom


def seen(browser: Browser, selector: str) -> bool:
    """Whether all that is selected stands inside of the frame of the picture."""
    inside: bool = browser.run(
        "const frame = document.getElementById('picture').getBoundingClientRect();"
        "return [...document.querySelectorAll(arguments[0])].every((element) => {"
        "  const box = element.querySelector('.shape').getBoundingClientRect();"
        "  const isAcross = box.left >= frame.left && box.right <= frame.right;"
        "  return isAcross && box.top >= frame.top && box.bottom <= frame.bottom;"
        "})",
        selector,
    )
    return inside


def touching(browser: Browser) -> list[list[str]]:
    """The numbers of edges that touch a box, an arrow, or a number of another edge."""
    found: list[list[str]] = browser.run(
        "const box = (element) => element.getBoundingClientRect();"
        "const touch = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;"
        "const slopes = [...document.querySelectorAll('.slope')].filter((slope) => slope.textContent);"
        "const others = [...document.querySelectorAll('.shape, .arrow'), ...slopes];"
        "return slopes.flatMap((slope) =>"
        "  others.filter((other) => slope !== other && touch(box(slope), box(other)))"
        "    .map((other) => [slope.textContent, other.getAttribute('class')]))"
    )
    return found


def sticking_out(browser: Browser) -> list[str]:
    """What is written in a box, and is longer than it."""
    found: list[str] = browser.run(
        "return [...document.querySelectorAll('.node')].flatMap((node) => {"
        "  const shape = node.querySelector('.shape:not(.behind)').getBoundingClientRect();"
        "  return [...node.querySelectorAll('text')].filter((text) => text.textContent"
        "    && text.getBoundingClientRect().right > shape.right).map((text) => text.textContent);"
        "})"
    )
    return found


def ill_placed(browser: Browser) -> list[Any]:
    """All of these, and what is set narrower than it is written."""
    return [*touching(browser), *sticking_out(browser), *browser.texts("[textLength]")]


def small_numbers() -> Value:
    """Wide numbers between narrow boxes, and a name as long as one can be."""
    a, c = Value(0.0371, "Mean_Weighted_Margin_of_All_Mammals"), Value(0.012345678, "c")
    return ((a * 0.037).sin() * c * c - 1e-7 * c).exp()


@pytest.mark.parametrize("digits", [4, FULL])
def test_numbers_and_names_touch_no_box_and_hide_no_arrow(opened: Any, digits: int) -> None:
    for y in (small_numbers(), exercise_graph()):
        browser = opened(y, precision=digits)
        assert ill_placed(browser) == []
        for _ in range(2):
            browser.press(LEFT)
            assert ill_placed(browser) == []


@pytest.mark.parametrize("make", [exercise_graph, apartment_graph])
def test_a_phone_shows_all_of_a_worked_exercise_and_no_number_upon_another(
    opened: Any, browser: Browser, make: Any
) -> None:
    browser.frame(*PHONE)
    opened(make())
    assert seen(browser, ".node")
    assert transform(browser)[2] * 14 > 5, "a name of 14 pixels is legible"
    assert ill_placed(browser) == []


def test_where_numbers_grow_room_is_made_for_them(opened: Any) -> None:
    browser = opened(Value(2.0, "x") * Value(1.0, "y") + 1)
    browser.type_leaf("x", "-0.0001234")
    assert ill_placed(browser) == []
    assert "−0.0001234" in browser.texts(".slope")
    choose_digits(browser, FULL)
    assert ill_placed(browser) == []


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_long_number_can_be_read_in_its_field(opened: Any, size: tuple[int, int]) -> None:
    cut_off = """
    const field = document.querySelector('#leaves-list input');
    return arguments[0].filter((font) => {
      document.body.style.fontFamily = font;
      return field.scrollWidth > field.clientWidth;
    })
    """
    fonts = ["", "sans-serif", "serif", "monospace", "DejaVu Sans", "Liberation Sans"]
    for digits in (4, FULL):
        browser = opened(Value(-1.2345678901234567e-300, "x") * 3, precision=digits)
        browser.frame(*size)
        assert browser.run(cut_off, fonts) == []


def test_no_box_lies_upon_another(opened: Any) -> None:
    overlapping = """
    const boxes = [...document.querySelectorAll('.node')].map((node) => node.getBoundingClientRect());
    return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
      a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length
    """
    _, loss = network(examples=12)
    for y in (exercise_graph(), with_names()[1], loss):
        browser = opened(y)
        browser.run("document.getElementById('grouping').value = 'none';")
        browser.run("document.getElementById('grouping').dispatchEvent(new Event('input'))")
        assert browser.run(overlapping) == 0


def test_on_the_edges_stand_the_local_derivatives_and_in_a_step_back_what_flows(opened: Any) -> None:
    y = apartment_graph()
    browser = opened(y)
    number = Mathematics().number
    nodes = [node for node in topological_order(y) if node.primitive]
    expected = sorted(number(partial) for node in nodes for _, partial in local_partials(node))
    assert sorted(filter(None, browser.texts(".slope"))) == expected
    browser.press(END)
    (step,) = list(y.steps())[-1:]
    assert sorted(browser.texts(".slope.lit")) == sorted(number(flow.product) for flow in step.flows)
    assert len(browser.texts(".edges .lit.back")) == len(step.flows)


def test_two_uses_of_one_operand_are_told_on_one_edge(opened: Any) -> None:
    x = Value(3.0, "x")
    browser = opened(x * x)
    assert browser.texts(".slope") == ["2 × 3"]


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_node_of_a_step_is_always_in_sight(opened: Any, browser: Browser, size: tuple[int, int]) -> None:
    browser.frame(*size)
    opened(exercise_graph())
    for _ in range(4):
        browser.click("zoom-in")
    browser.press(HOME)
    for _ in range(30):
        browser.press(RIGHT)
        assert seen(browser, ".node.active")


def test_buttons_keys_and_the_wheel_zoom_and_all_of_it_comes_back(opened: Any) -> None:
    browser = opened(exercise_graph())
    before = transform(browser)
    assert seen(browser, ".node")
    browser.click("zoom-in")
    assert transform(browser)[2] == pytest.approx(before[2] * 1.25, rel=1e-3)
    browser.press("-")
    assert transform(browser)[2] == pytest.approx(before[2], rel=1e-3)
    wheel = {"type": "mouseWheel", "x": 300, "y": 300, "deltaX": 0, "deltaY": -200}
    browser.driver.execute_cdp_cmd("Input.dispatchMouseEvent", wheel)
    browser.run("return new Promise(requestAnimationFrame)")
    assert transform(browser)[2] > before[2] * 1.1
    browser.press("0")
    assert transform(browser) == pytest.approx(before, abs=0.1)


def resized(browser: Browser, width: int, height: int) -> None:
    """Another size of the window, and the two frames after which a page has heard of it."""
    browser.frame(width, height)
    browser.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(() => arguments[0]()))")


def test_all_of_it_is_in_sight_again_when_the_window_has_another_size(opened: Any) -> None:
    browser = opened(exercise_graph())
    resized(browser, 1150, 700)
    assert seen(browser, ".node")
    small = transform(browser)
    resized(browser, *DESK)
    assert seen(browser, ".node")
    assert transform(browser)[2] > small[2] * 1.1


def test_what_the_user_has_moved_stays_in_the_middle_of_a_window_of_another_size(opened: Any) -> None:
    browser = opened(exercise_graph())
    browser.click("zoom-in")
    x, y, zoom = transform(browser)
    resized(browser, DESK[0] - 200, DESK[1] - 100)
    assert transform(browser) == pytest.approx((x - 100, y - 50, zoom), abs=0.1)
    browser.click("fit")
    resized(browser, *DESK)
    assert seen(browser, ".node")


def test_where_a_phone_shows_a_part_it_can_be_read_and_is_said_to_be_one(opened: Any) -> None:
    browser: Browser = opened(apartment_graph())
    hint = "return [document.querySelector('.frame').dataset.cut, document.getElementById('cut').hidden]"
    assert browser.run(hint) == ["", True]
    resized(browser, 320, 480)
    assert transform(browser)[2] * 14 > 5, "a name of 14 pixels is legible"
    assert seen(browser, ".node.root")
    assert browser.run(hint) == ["left", False]
    browser.click("fit")
    assert browser.run(hint) == ["", True]
    assert seen(browser, ".node")


def test_a_pointer_moves_the_picture_and_two_fingers_make_it_larger(opened: Any) -> None:
    browser = opened(exercise_graph())

    def touch(kind: str, *places: tuple[int, int]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        browser.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y, zoom = transform(browser)
    touch("touchStart", (500, 120))
    for step in range(1, 6):
        touch("touchMove", (500 + 20 * step, 120 + 10 * step))
    touch("touchEnd")
    moved = transform(browser)
    assert moved[2] == pytest.approx(zoom, rel=1e-3)
    assert moved[0] > x + 60
    assert moved[1] > y + 30
    touch("touchStart", (400, 300), (500, 300))
    for step in range(1, 6):
        touch("touchMove", (400 - 10 * step, 300), (500 + 10 * step, 300))
    touch("touchEnd")
    assert transform(browser)[2] == pytest.approx(2 * zoom, rel=0.2)


def test_a_finger_on_a_leaf_changes_no_number(opened: Any) -> None:
    browser = opened(Value(2.0, "x") * 3)
    before = browser.numbers()
    x, y = browser.run(
        "const box = document.querySelector('.leafy').getBoundingClientRect();"
        "return [box.left + box.width / 2, box.top + box.height / 2]"
    )
    for kind, places in (("touchStart", [x]), ("touchMove", [x + 30]), ("touchMove", [x + 60]), ("touchEnd", [])):
        points = [{"x": place, "y": y} for place in places]
        browser.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert browser.numbers() == before


# ---- settings


def choose_digits(browser: Browser, digits: int) -> None:
    browser.run(
        "const select = document.getElementById('digits'); select.value = arguments[0];"
        "select.dispatchEvent(new Event('input'))",
        str(digits),
    )


def test_digits_are_shown_as_many_as_are_asked_for(opened: Any) -> None:
    y = exercise_graph()
    browser = opened(y)
    for digits in (8, 17):
        choose_digits(browser, digits)
        assert browser.text("title") == f"J = {Mathematics(digits=digits).number(y.data)}"


def test_a_step_is_taken_at_the_learning_rate_that_is_shown_and_the_curve_grows(opened: Any) -> None:
    x = Value(3.0, "x")
    y = x * x
    browser = opened(y)
    browser.run("const rate = document.getElementById('rate'); rate.value = -2; rate.dispatchEvent(new Event('input'))")
    assert browser.text("rate-text") == "0.01"
    browser.click("descend")
    assert browser.numbers()["x"].value == pytest.approx(3.0 - 0.01 * 6.0, rel=1e-15)
    browser.click("descend-ten")
    points = browser.run("return document.querySelector('.loss').getAttribute('points')").split()
    assert len(points) == 12
    heights = [float(point.split(",")[1]) for point in points]
    assert heights == sorted(heights)
    browser.click("reset")
    assert browser.numbers()["x"].value == 3.0
    assert browser.run("return document.getElementById('curve').hasAttribute('hidden')")


def test_all_leaves_move_where_there_are_no_parameters(opened: Any) -> None:
    p, q = Value(1.0, "p"), Value(2.0, "q")
    browser = opened(p * q, lr=0.5)
    assert "2 leaves" in browser.text("descent-told")
    browser.click("descend")
    numbers = browser.numbers()
    assert (numbers["p"].value, numbers["q"].value) == (0.0, 1.5)


def test_playing_begins_anew_at_the_end_and_a_key_stops_it(opened: Any) -> None:
    browser = opened(apartment_graph())
    browser.click("play")
    assert browser.run("return document.getElementById('play').getAttribute('aria-pressed')") == "true"
    assert browser.text("where") in ("start", "forward 1 of 8")
    browser.press(LEFT)
    assert browser.run("return document.getElementById('play').getAttribute('aria-pressed')") == "false"


def test_a_name_from_right_to_left_turns_nothing_around_it(opened: Any) -> None:
    y = Value(2.5, "שלום") * -3.0
    y.label = "טוב"
    browser = opened(y)
    assert browser.texts(".node .name") == ["\u2068שלום\u2069", "\u2068טוב\u2069"]
    assert browser.rows()[0][0] == "\u2068שלום\u2069"


def test_a_leaf_that_was_changed_by_hand_is_no_step_of_descent(opened: Any) -> None:
    x = Value(3.0, "x")
    browser = opened(x * x, parameters=[x])
    browser.click("descend")
    assert "9 → 5.76" in browser.run("return document.body.innerText")
    browser.type_leaf("x", "10")
    assert "→ 5.76" not in browser.run("return document.body.innerText")
    browser.click("descend")
    assert "100 → 64" in browser.run("return document.body.innerText")


def test_what_compares_with_nan_is_told_as_nan(opened: Any) -> None:
    x, z = Value(1.0, "x"), Value(0.5, "z")
    browser = opened(maximum([x, z, x]))
    browser.type_leaf("z", "nan")
    browser.choose("z")
    assert "0 = nan" not in browser.run("return document.body.innerText")


def test_a_leaf_that_was_refused_by_its_slider_shows_what_was_refused(opened: Any) -> None:
    x, z = Value(1.5, "x"), Value(1.0, "z")
    browser = opened(x.log() + z.log())
    browser.run(
        """const [slider] = document.querySelectorAll("#leaves-list input[type=range]");
        slider.value = -0.5; slider.dispatchEvent(new Event("input"));"""
    )
    fields = browser.run(
        """return [...document.querySelectorAll("#leaves-list input:not([type=range])")].map(
        (field) => [field.value, field.getAttribute("aria-invalid")])"""
    )
    assert float(fields[0][0]) < 0
    assert fields[0][1] == "true"
    assert fields[1] == ["1", None] or fields[1][1] in (None, "false")
