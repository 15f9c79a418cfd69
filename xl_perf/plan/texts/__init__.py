"""The texts of the `plan` and `edition` commands."""
