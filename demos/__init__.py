"""Programs that work through the documents with the engine: `python -m demos`.

Reading order: `comparison` (a printed number against a computed one), `exercise` (document 003), `apartment`
(document 000), `networks` (the diagrams of documents 002 and 004), `training` (circles and moons, documents 001 and
002); the package `benchmark` and `accuracy`, which measure; `layout`, `pictures` and `failure` serve them. A demo is a
function `story(folder)` that gives its text piece by piece and saves its pictures in the folder.
"""
