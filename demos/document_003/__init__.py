"""Document 003, "Ejercicio teórico".

One exercise in backpropagation, worked out: all derivatives of the cost of a 2-3-1 network of sigmoids,
with their numbers, and the rules for layers as matrices.
"""
