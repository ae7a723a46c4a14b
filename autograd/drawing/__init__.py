"""Graphs as pictures.

Reading order: `sketches` (what is in a picture, whatever draws it), `looks` (the style sheet), `labels` (free text made
printable), `rows` (places for what stands in rows), `dot` (a sketch as a picture); `parts` of a graph, `roles` (what a
leaf is to it), `facts` (what is told of a Value), `emphasis` (what is highlighted), `scenes` (nodes and edges of it
all); `scopes`, `boxes` and `collapsed` (many Values in one box), `legends`; `graphs` (`draw`), `flows` (`draw_passes`),
`mermaid` (a sketch for Markdown files).
"""
