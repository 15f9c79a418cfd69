"""What users do with an official workbook, whatever holds it: reload, load, check, explain, find what is missing.

An action reads a `Content` and gives a `Proposal` (what would change, to be shown first) or an `Answer`;
`apply` writes a proposal through a `Book`. Texts are Italian: dialogs and reports show them as they are.
"""
