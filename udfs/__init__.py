"""Front ends of the functions, one module each."""
