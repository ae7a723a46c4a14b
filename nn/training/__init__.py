"""Training: `fit` and what it is made of.

Reading order: `programs` (models compiled), `prediction`, `scoring`, `evaluation`, `history`, `stopping`, `snapshots`,
`interruption`, `progress`; `courses` (what is asked for), `steps` (one step on one batch), `fitting`.
"""
