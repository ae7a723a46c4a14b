"""Document 000, "Red neuronal 1".

How gradient descent fits one hidden neuron with a ReLU to the price of an apartment: the
derivatives by the chain rule on paper, and then a listing in plain Python.
"""
