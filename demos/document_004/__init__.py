"""Document 004, "Introducción a las Redes Neuronales".

Slides for a first lesson: the neuron, the rules of Hebb and of the perceptron, activations, losses,
backpropagation factor by factor, and updates up to Adam.
"""
