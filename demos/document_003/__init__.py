"""Document 003, "Ejercicio teórico": the derivatives of a small network, worked out by hand."""
