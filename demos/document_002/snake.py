"""Document 002, section 3.1, figure 5: rewards in place of answers, on a board of ours.

The document has the picture of a game and its rules in words: four moves, a reward on pink squares, a penalty on blue
ones. Here the snake is one square long. What it may expect is a sum over all its games, recorded as a graph; the
gradient says which decisions pay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import Value, compile, dot, grad, mean, softmax  # as in "compile a program"
from demos.layout import percent
from demos.pieces import Chart, Formula, Heading, Output, Paragraph, Piece, Table
from demos.story import demo
from nn import Adam
from nn.figures import AS_IT_IS, INK, LARGE, PAPER, TINTS, Axes, Figure, blank, dressed

Array = NDArray[np.float64]
Square: TypeAlias = tuple[int, int]

BOARD = ("....p", ".b.b.", ".....", ".bp..", "b....")
"""Pink, blue and free squares, row by row from above."""

REWARDS = {"p": 1.0, "b": -1.0}

MOVES: Mapping[str, Square] = {"↑": (-1, 0), "→": (0, 1), "↓": (1, 0), "←": (0, -1)}
"""Rows and columns further. A move against the edge leaves the snake where it is."""

LATER = 0.9
"""A reward that comes a move later counts so much."""

LONGEST = 12
"""So many moves has a game that comes to no coloured square before."""

START: Square = (4, 1)
"""Here the gradient is looked at: between two blue squares."""

RATE, STEPS, SEED = 0.3, 120, 3

UNLIKELY = 0.05
"""A move of no larger chance is not drawn."""

ARROW: Mapping[str, Any] = {"arrowstyle": "->", "color": INK, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}


class Agent(NamedTuple):
    """Four numbers for each free square, the chances that softmax makes of them, and what it may expect from there."""

    scores: Mapping[Square, Sequence[Value]]
    chances: Mapping[Square, Sequence[Value]]
    expected: Mapping[Square, Value]
    J: Value

    @property
    def parameters(self) -> list[Value]:
        """All scores."""
        return [score for scores in self.scores.values() for score in scores]

    def numbers(self) -> dict[Square, list[float]]:
        """The chances as they are now."""
        return {square: [chance.data for chance in own] for square, own in self.chances.items()}

    def favourite(self, square: Square) -> str:
        """The likeliest move from there."""
        return max(zip(self.chances[square], MOVES), key=lambda pair: pair[0].data)[1]


@demo("snake", "002", "3.1", "rewards in place of answers: a snake learns where to go", items="C6", order=1)
def story(*, brief: bool) -> Iterator[Piece]:
    """The game, what it may expect, the gradient and its estimate by playing, and what is learnt."""
    agent = novice()
    yield Heading("Nobody says what is right (figure 5)")
    yield Paragraph(
        "In reinforcement learning there are no right answers to learn from, only rewards. The snake goes up, right,"
        " down or left; it is rewarded on pink squares (p) and penalized on blue ones (b). The board and its rules are"
        f" ours: pink gives {REWARDS['p']:g}, blue {REWARDS['b']:g}, and either ends the game, as {LONGEST} moves do; a"
        " move against the edge leaves the snake where it is, and counts as a move."
    )
    yield Output("\n".join(" ".join(row) for row in BOARD))
    yield from _expectation(agent)
    yield from _gradient(agent, 1000 if brief else 10_000)
    yield from _learnt(agent)


def novice() -> Agent:
    """An agent whose scores are all 0, so that all moves are equally likely, and J, the mean over where it begins."""
    scores = {square: [Value(0.0, f"{move}{square}") for move in MOVES] for square in free_squares()}
    chances = {square: softmax(own) for square, own in scores.items()}
    expected = _expected(chances)
    J = mean(list(expected.values()))
    J.label = "J"
    return Agent(scores, chances, expected, J)


def free_squares() -> list[Square]:
    """The squares without a colour, row by row."""
    return [(i, j) for i, row in enumerate(BOARD) for j, sign in enumerate(row) if sign not in REWARDS]


def moved(square: Square, move: Square) -> Square:
    """Where a move leads."""
    i, j = square[0] + move[0], square[1] + move[1]
    return (i, j) if 0 <= i < len(BOARD) and 0 <= j < len(BOARD[0]) else square


def reward(square: Square) -> float | None:
    """What a coloured square gives; None for a free one."""
    return REWARDS.get(BOARD[square[0]][square[1]])


def _expected(chances: Mapping[Square, Sequence[Value]]) -> dict[Square, Value]:
    """What is to be expected from each square: chance by chance the reward there, or LATER times what follows."""
    known: dict[Square, Value] = {square: Value(0.0) for square in chances}
    for _ in range(LONGEST):
        known = {square: dot(own, _outcomes(square, known)) for square, own in chances.items()}
    return known


def _outcomes(square: Square, known: Mapping[Square, Value]) -> list[Value | float]:
    """What each move is worth, where it is known what follows."""
    found: list[Value | float] = []
    for move in MOVES.values():
        there = moved(square, move)
        given = reward(there)
        found.append(LATER * known[there] if given is None else given)
    return found


def teach(agent: Agent, steps: int = STEPS) -> list[float]:
    """Gradient ascent on J; what J was before each step."""
    program = compile(-agent.J, agent.parameters)
    return [-loss for loss in program.minimize(Adam(agent.parameters, lr=RATE), steps)]


def estimated(agent: Agent, games: int) -> list[Array]:
    """The gradient of what is to be expected from START by its scores, after each game, from playing alone.

    A game adds, for each decision that was made there, its discounted reward times the derivatives of log π of that
    decision (Williams 1992, REINFORCE).
    """
    own = agent.scores[START]
    slopes = [np.array([slope.data for slope in grad(chance.log(), own)]) for chance in agent.chances[START]]
    rng, total, means = np.random.default_rng(SEED), np.zeros(len(MOVES)), []
    for game in range(1, games + 1):
        decisions, got = _played(rng)
        total += got * sum((slopes[decision] for decision in decisions), np.zeros(len(MOVES)))
        means.append(total / game)
    return means


def _played(rng: np.random.Generator) -> tuple[list[int], float]:
    """A game from START in which all moves are equally likely: the decisions made at START, and the reward."""
    square, decisions = START, []
    for place, decision in enumerate(rng.integers(len(MOVES), size=LONGEST).tolist()):
        if square == START:
            decisions.append(decision)
        square = moved(square, list(MOVES.values())[decision])
        given = reward(square)
        if given is not None:
            return decisions, LATER**place * given
    return decisions, 0.0


def _expectation(agent: Agent) -> Iterator[Piece]:
    yield Paragraph(
        "The agent has four scores for each free square, and softmax makes chances π of them: all are 1/4 at first."
        " What it may expect from a square is, move by move, the chance times the reward where that leads, or times"
        f" {LATER:g} of what is to be expected there, so that a reward counts less the later it comes:"
    )
    yield Formula(
        rf"V(s) = \sum_a \pi(a \mid s) \cdot \left( r(s') \;\mathrm{{or}}\; {LATER:g} \, V(s') \right)",
        f"V(s) = Σ π(a | s) · (r(s') or {LATER:g} · V(s')), over the moves a, which lead from s to s'",
    )
    yield Paragraph(
        f"With {LONGEST} moves at most that is a graph over {len(agent.parameters)} scores; no game is played. J, the"
        f" mean over all squares where it may begin, is {agent.J.data:.4f}: {_number('b')} squares are blue and"
        f" {_number('p')} pink."
    )


def _gradient(agent: Agent, games: int) -> Iterator[Piece]:
    exact = grad(agent.expected[START], agent.scores[START])
    yield Heading("Which decision pays?")
    yield Paragraph(
        f"From {_named(START)}, beside blue ones, the derivatives of V by its four scores say which move is"
        " to become likelier. Who does not know the board can find them by playing: a game adds, for each decision that"
        f" was made there, its reward, times {LATER:g} for each move before the last, times the derivative of log π;"
        " the estimate is the mean over the games. On average its error shrinks like 1/√games; a single number may move"
        " away. The last column is the distance from the exact gradient:"
    )
    means = estimated(agent, games)
    played = [count for count in (10, 100, 1000, 10_000) if count <= games]
    right = np.array([slope.data for slope in exact])
    lines = [(f"{count:,} games", *_slopes(means[count - 1], right)) for count in played]
    lines.append(("the engine, exactly", *_slopes(right, right)))
    yield Table(("∂V/∂score of", *MOVES, "off by"), lines, "<>>>>>")


def _slopes(found: Array, right: Array) -> list[str]:
    return [*(f"{slope:+.4f}" for slope in found), f"{np.linalg.norm(found - right):.4f}"]


def _learnt(agent: Agent) -> Iterator[Piece]:
    before = agent.numbers()
    history = teach(agent)
    agent.J.refresh()
    yield Heading("What it learns")
    yield Paragraph(
        f"The board is known here: {len(history)} steps of Adam go up the exact gradient, and no game is played. They"
        f" take J from {history[0]:.4f} to {agent.J.data:.4f}. The likeliest move from each square:"
    )
    yield Output("\n".join(" ".join(row) for row in _favourites(agent)))
    yield Paragraph(
        f"From {_named(START)} it expects {agent.expected[START].data:.4f} now. A sure way is worth {LATER:g} to the"
        f" power of its moves but one, so that is a way of {1 + np.log(agent.expected[START].data) / np.log(LATER):.1f}"
        " moves."
    )
    after = agent.numbers()
    yield Chart(
        "snake-figure-5",
        f"figure 5, the chances of moves before and after; those of {percent(UNLIKELY)} and less are not drawn",
        lambda: drawn_boards(before, after),
    )


def _favourites(agent: Agent) -> list[list[str]]:
    return [
        [agent.favourite((i, j)) if (i, j) in agent.chances else sign for j, sign in enumerate(row)]
        for i, row in enumerate(BOARD)
    ]


def _number(sign: str) -> int:
    return "".join(BOARD).count(sign)


def _named(square: Square) -> str:
    return f"the square in row {square[0] + 1}, column {square[1] + 1}"


def drawn_boards(*boards: Mapping[Square, Sequence[float]]) -> Figure:
    """Boards side by side: in each free square an arrow for each move, longer where it is likelier."""
    figure = blank(4.0 * len(boards), 4.6)
    for axes, chances, title in zip(figure.subplots(1, len(boards)), boards, ("before", "after")):
        _draw(dressed(axes, title=title), chances)
    return figure


def _draw(axes: Axes, chances: Mapping[Square, Sequence[float]]) -> None:
    from matplotlib.patches import Rectangle

    signs = {"p": ("+1", TINTS[3]), "b": ("−1", TINTS[1]), ".": ("", PAPER)}
    for i, row in enumerate(BOARD):
        for j, sign in enumerate(row):
            text, colour = signs[sign]
            axes.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, facecolor=colour, edgecolor=INK, linewidth=0.6))
            axes.text(j, i, text, ha="center", va="center", fontsize=LARGE, color=INK, **AS_IT_IS)
    for (i, j), own in chances.items():
        for chance, (down, right) in zip(own, MOVES.values()):
            if chance > UNLIKELY:
                length = 0.46 * chance**0.5
                tip = (j + length * right, i + length * down)
                axes.annotate("", tip, (j, i), arrowprops=dict(ARROW))
    height, width = len(BOARD), len(BOARD[0])
    axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5), aspect="equal", xticks=[], yticks=[])
