"""Strategies of hypothesis for property tests: graphs over the table, and points of one primitive.

hypothesis is imported when a strategy is asked for, and said to be missing where it is.
"""

from autograd.strategies.graphs import Expression, expressions, numbers, recipes
from autograd.strategies.points import points
from autograd.strategies.recipes import Recipe, random_recipe

__all__ = ["Expression", "Recipe", "expressions", "numbers", "points", "random_recipe", "recipes"]
