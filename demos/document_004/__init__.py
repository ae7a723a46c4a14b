"""Document 004, "Introducción a las Redes Neuronales": slides from the neuron to Adam."""
