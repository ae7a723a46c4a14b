"""Why a derivative has its value.

Reading order: `paths` (how one value depends on another), `steps` (a path as people tell it), `lines` (how it is set),
`chain_rule` (`explain`), `slopes` (of a node with respect to one just below it, for explanations of whole layers).
"""
