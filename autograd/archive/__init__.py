"""What leaves the process and comes back: strict JSON, and files that are written whole or not at all."""
