"""Training: `fit` and what it is made of.

Reading order: `prediction`, `evaluation`, `history`, `stopping`, `snapshots`, `interruption`, `progress`; `courses`
(what is asked for), `programs` (models compiled), `steps` (one step on one batch), `fitting`.
"""
