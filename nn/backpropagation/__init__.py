"""Backpropagation as the matrix equations that stand in a graph of scalars.

Reading order: `runs` (layers and examples found again), `chains` (what stands between layers), `crossentropies` (losses
whose δ is ŷ - y), `equations`, `explanation` (`explain_layers`).
"""
