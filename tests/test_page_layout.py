"""Tests of how the explorer lays a graph out: the laws of its layers and of the order in them."""

from __future__ import annotations

from itertools import combinations
from random import Random

from tests.browser import Browser

TRIED = 50

Edge = tuple[int, int]


def random_edges(random: Random) -> tuple[int, list[Edge]]:
    """How many boxes there are, and edges between them without a circle; some have none."""
    count = random.randint(1, 12)
    order = random.sample(range(count), count)
    return count, [(tail, head) for tail, head in combinations(order, 2) if random.random() < 0.3]


def layers(browser: Browser, graphs: list[tuple[int, list[Edge]]]) -> list[list[int]]:
    script = """
    return arguments[0].map(([count, pairs]) => layersOf(count, pairs.map(([tail, head]) => ({ tail, head }))));
    """
    found: list[list[int]] = browser.engine(script, graphs)
    return found


def test_each_box_stands_after_all_that_comes_before_it_and_a_source_just_before_its_use(browser: Browser) -> None:
    random = Random(5)
    graphs = [random_edges(random) for _ in range(TRIED)]
    for (count, edges), layer in zip(graphs, layers(browser, graphs)):
        assert min(layer) == 0
        for box in range(count):
            before = [layer[tail] for tail, head in edges if head == box]
            after = [layer[head] for tail, head in edges if tail == box]
            if before:
                assert layer[box] == max(before) + 1
            elif after:
                assert layer[box] == min(after) - 1


def test_boxes_that_stand_in_a_circle_are_laid_out_too(browser: Browser) -> None:
    assert layers(browser, [(3, [(0, 1), (1, 2), (2, 1)])]) == [[0, 1, 2]]


def test_crossings_are_counted_as_pairs_of_links_that_cross(browser: Browser) -> None:
    random = Random(6)
    drawings, wanted = [], []
    for _ in range(TRIED):
        tails, heads = random.randint(1, 8), random.randint(1, 8)
        links = sorted({(random.randrange(tails), random.randrange(heads)) for _ in range(random.randint(0, 25))})
        before = [[]] * tails + [[tail for tail, head in links if head == place] for place in range(heads)]
        drawings.append([[[*range(tails)], [*range(tails, tails + heads)]], before])
        wanted.append(sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(links, 2)))
    assert (
        browser.engine("return arguments[0].map(([rows, before]) => crossings(rows, { before }))", drawings) == wanted
    )
    assert max(wanted) > 20
