"""Figures, drawn with matplotlib, which is optional: what a model does, what it has learnt, and how.

Reading order: `palette`, `canvas` (the door to matplotlib), `labels`; `classes` (targets as plain numbers) and
`boundaries`; `landscapes` (a loss in numbers) and `surfaces`; `sampling` and `activations`; `mosaics`, `digits` and
`weights`; `curves`.
"""
