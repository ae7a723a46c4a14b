"""Document 000, "Red neuronal 1": one hidden neuron and the price of an apartment."""
