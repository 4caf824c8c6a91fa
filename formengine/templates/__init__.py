"""Templates: read, judged by their shape, and built into a library; the only reader of template files."""
