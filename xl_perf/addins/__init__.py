"""Builders of the add-ins: what each spreadsheet program installs, made from the catalogue."""
