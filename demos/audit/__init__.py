"""The audit: every erratum of the five documents that a computation can show, computed when it is asked for."""
