"""Programs that work through the documents with the engine: `python -m demos`.

A demo is a story (`story`), told in pieces (`pieces`), which `terminal` shows as text and the package `gallery` as
pages. The stories stand in a package for each document, and `catalogue` finds them. What measures: the package
`benchmark`, `accuracy`. `layout`, `pictures`, `sets` and `failure` serve them.
"""
