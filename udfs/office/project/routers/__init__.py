"""Routes of the project."""
