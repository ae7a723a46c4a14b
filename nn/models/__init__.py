"""Models: what is made of neurons.

Reading order: `activations`, `initializers`, `summaries`, `modules` (neurons, layers), `modes`, `networks`; `images`,
`convolution`, `pooling`, `dropout`; `perceptron`, which learns without gradients.
"""
