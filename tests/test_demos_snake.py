"""Document 002, section 3.1: rewards, and what a snake learns from them."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest

from autograd import check_gradients, grad
from demos.document_002 import snake
from tests.stories import Briefly


@pytest.fixture(scope="module")
def taught() -> snake.Agent:
    agent = snake.novice()
    snake.teach(agent, 200)
    agent.J.refresh()
    return agent


def moves_to_pink(begin: snake.Square) -> int:
    """The fewest moves to a pink square past no blue one, found by looking at all squares."""
    known, waiting = {begin: 0}, deque([begin])
    while waiting:
        square = waiting.popleft()
        for there in (snake.moved(square, move) for move in snake.MOVES.values()):
            if snake.reward(there) == 1.0:
                return known[square] + 1
            if snake.reward(there) is None and there not in known:
                known[there] = known[square] + 1
                waiting.append(there)
    raise AssertionError("no way leads there")


def test_a_taught_snake_goes_the_shortest_way_from_every_square(taught: snake.Agent) -> None:
    for square, expected in taught.expected.items():
        assert expected.data == pytest.approx(snake.LATER ** (moves_to_pink(square) - 1), abs=0.01)
        there = snake.moved(square, snake.MOVES[taught.favourite(square)])
        assert snake.reward(there) == 1.0 or moves_to_pink(there) == moves_to_pink(square) - 1


def test_what_a_novice_expects_is_a_mean_over_games_played() -> None:
    agent, rng, games = snake.novice(), np.random.default_rng(5), 4000
    got = [snake._played(rng)[1] for _ in range(games)]
    assert np.mean(got) == pytest.approx(agent.expected[snake.START].data, abs=4 * np.std(got) / games**0.5)


def test_playing_estimates_the_gradient_that_the_engine_has() -> None:
    agent = snake.novice()
    exact = [slope.data for slope in grad(agent.expected[snake.START], agent.scores[snake.START])]
    assert snake.estimated(agent, 4000)[-1] == pytest.approx(np.array(exact), abs=0.03)
    assert sum(exact) == pytest.approx(0.0, abs=1e-15)  # one number more for all scores changes no chance
    check_gradients(agent.expected[snake.START], agent.scores[snake.START]).raise_if_failed()


def test_the_distance_from_the_exact_gradient_is_told() -> None:
    found, right = np.array([3.0, 0.0, 0.0, -4.0]), np.zeros(4)
    assert snake._slopes(found, right) == ["+3.0000", "+0.0000", "+0.0000", "-4.0000", "5.0000"]


def test_the_error_of_playing_shrinks_with_the_root_of_the_games() -> None:
    agent = snake.novice()
    right = np.array([slope.data for slope in grad(agent.expected[snake.START], agent.scores[snake.START])])
    means = np.array(snake.estimated(agent, 6000))
    each = np.diff(means * np.arange(1, 6001)[:, None], axis=0, prepend=0.0)
    assert [_mean_error(each, right, games) for games in (10, 250)] == [
        pytest.approx(np.sqrt(each.var(axis=0).sum() / games), rel=0.25) for games in (10, 250)
    ]


def _mean_error(each: snake.Array, right: snake.Array, games: int) -> float:
    """The root mean square of the distance of the means of so many games, one lot after the other."""
    lots = each.reshape(-1, games, 4).mean(axis=1) - right
    return float(np.sqrt(np.mean(np.sum(lots**2, axis=1))))


def test_a_move_against_the_edge_leads_nowhere() -> None:
    assert [snake.moved((0, 0), move) for move in snake.MOVES.values()] == [(0, 0), (0, 1), (1, 0), (0, 0)]
    assert snake.moved((4, 4), (1, 0)) == snake.moved((4, 4), (0, 1)) == (4, 4)


def test_the_snake_is_told(briefly: Briefly) -> None:
    text = briefly("snake").text
    assert "4 squares are blue and 2 pink" in text
    assert "120 steps of Adam go up the exact gradient, and no game is played" in text
    assert "They take J from -0.2611 to 0.88" in text
    assert "a move against the edge leaves the snake where it is" in text
    assert "those of 5 % and less are not drawn" in text
    assert "a way of 2.0 moves" in text
