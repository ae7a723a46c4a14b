"""A graph played one node at a time.

Reading order: `passes` (the steps of the forward and the backward pass), `stepper` (`steps`: moving, stopping,
looking), `mistakes` (what goes wrong without topological order, and without adding).
"""
