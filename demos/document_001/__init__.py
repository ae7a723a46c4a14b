"""Document 001, "Red Neuronal".

How to write a small network in NumPy, a class for its layers and a loop of backpropagation, that
tells the points of two circles apart; a notebook.
"""
