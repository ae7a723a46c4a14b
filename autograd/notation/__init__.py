"""Graphs, formulas and numbers as people read them.

Reading order: `terms` (small formulas, put in order), `typesetting` (text, mathematics, LaTeX, Python), `names`,
`graphs` (a graph as a formula), `rules` (the rule of one node), `assignments` (a graph as a table), `table` (the
primitives), `screens` (what fits a terminal).
"""
