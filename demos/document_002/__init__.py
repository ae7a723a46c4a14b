"""Document 002, "Neural networks from scratch": from the perceptron to digits, section by section."""
