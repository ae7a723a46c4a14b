"""Models: what is made of neurons.

Reading order: `activations`, `initializers`, `summaries`, `modules` (neurons, layers), `modes`; `images`,
`convolution`, `pooling`, `dropout`; `networks`; `perceptron`, which learns without gradients.
"""
