"""Why a derivative has its value.

Reading order: `paths` (how one value depends on another), `chain_rule` (`explain`: the chain rule along them), `slopes`
(the slope of a node with respect to one just below it, for explanations of whole layers).
"""
