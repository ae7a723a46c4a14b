"""The compiler: a graph recorded from scalars becomes a program that runs as fast as one written by hand.

Reading order: `recorded` (what is compiled) and `folding` (formulas made smaller). For narrow graphs, straight-line
Python: `inlining`, `templates`, `statements`, `functions`, `rules`, `descent`, `straight`, `narrow`. For wide ones,
calls on arrays: `normal`, `maps`, `layout`, `code`, `lowering`, `emission`, `packed`, and `updating` for optimizers.
Then `guards`, `program`, and `compilation`, which has `compile`.
"""
