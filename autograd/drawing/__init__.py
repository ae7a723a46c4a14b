"""Graphs as pictures.

Reading order: `sketches` (what is in a picture, whatever draws it), `looks` (the style sheet), `labels` (free text made
printable), `rows` (where nodes in rows stand), `dot` (a sketch as a picture), `mermaid` (a sketch for Markdown files),
`roles` (what a leaf is to the graph), `facts` (what is told of a Value), `emphasis` (what is highlighted), `scopes` and
`boxes` (many Values in one box), `graphs` (`draw`), `flows` (`draw_passes`).
"""
