"""What ails a graph.

Reading order: `findings` (what a diagnosis is made of), `births` (NaN and infinity), `neurons` (the layers of any
graph), `ailments` (dead and saturated neurons, gradients that vanish or explode), `doctor` (`diagnose`).
"""
