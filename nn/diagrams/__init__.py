"""Diagrams of networks.

Reading order: `anatomy` (what is drawn of a network), `readings` (numbers or gradients of parameters), `highlights`,
`requests` (all that is asked for); `neurons` and `blocks` are the two views, `layers` is that of networks of images,
and `networks` has `draw_network`.
"""
