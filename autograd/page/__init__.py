"""The explorer: a graph as one HTML file in which it is stepped through, changed and understood.

Reading order: `javascript` (the formulas of the table, for a browser), `contents` (a graph as plain data), `palette`
(the colours of the pictures, for light and dark), `document` (all of it in one file), `writing` (`write_page`),
`showing` (`show_page`).

What runs in the browser stands beside them: `explorer.html`, `explorer.css`, and scripts that are joined in the order
of `document.SCRIPTS`. Those that tell of a graph are the engine's own words again: `notation.js` is those of
`autograd.notation`, `passes.js` of `autograd.stepping`, `explanation.js` of `autograd.explanation`. Tests hold each
pair together.
"""
