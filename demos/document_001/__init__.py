"""Document 001, "Red Neuronal": points in two circles, and a network to tell them apart."""
