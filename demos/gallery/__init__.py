"""The gallery: a folder of pages with all stories, their numbers and their pictures, which needs nothing from outside.

Reading order: `markup` (text and elements), `formulas` (MathML), `sizes` (of pictures), `accounts` (what a story
showed, in numbers), `tables`, `parts` (each piece as HTML), `sheets` (what all pages share), `pages` (one for each
story), `front` (`index.html`), `exhibits` (a story on its way into a page), `workers` (all stories at once), `tours`
(the whole run).
"""
