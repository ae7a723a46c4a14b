"""Optimization: from gradients to the next numbers of the parameters.

Reading order: `schedules` (learning rates); `hyperparameters`, `parameters` and `states`, which check what is handed
over; `updates` (what a step changed), `optimizer`, `rules`, `clipping`.
"""
