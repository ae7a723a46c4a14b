"""Document 002, "Neural networks from scratch".

A thesis, in Spanish but for its title: from the perceptron by forward propagation, backpropagation and
the variants of gradient descent to regularization and convolution, with ice creams, moons, XOR and MNIST as examples.
"""
