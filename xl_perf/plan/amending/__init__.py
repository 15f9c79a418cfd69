"""Amending an edition: the numbers that an act sets, and those that follow from them."""
