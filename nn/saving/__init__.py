"""Models as files: what a model is made of, its numbers and its optimizer, in one JSON file that people can read.

Strict JSON, and files that are written whole or not at all, are those of `autograd.archive`. Reading order: `arguments`
(how one argument of a module is written), `kinds` (the types of modules), `architectures` (what a model is made of),
`optimizers`, and `models` (`save`, `load`, `load_optimizer`).
"""

from nn.saving.models import ModelFileError, load, load_optimizer, save

__all__ = ["ModelFileError", "load", "load_optimizer", "save"]
