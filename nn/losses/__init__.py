"""Losses: how far predictions are from their targets, as one Value.

Reading order: `shapes` (predictions as they come), `targets` (what fits beside them), `formulas` (the losses),
`registry` (the losses by name), `stability` (cross-entropies where a probability is 0 or 1).
"""
