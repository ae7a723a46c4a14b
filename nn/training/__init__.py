"""Training: `fit` and what it is made of.

Reading order: `prediction`, `evaluation`, `history`, `stopping`, `snapshots`, `interruption`, `progress`, `courses`,
`fitting`.
"""
