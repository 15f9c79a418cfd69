"""The functions in Excel on Mac, the web and Windows: an xlwings-server project, optional extra `office`.

`python -m udfs.office` starts the server; `project/` is what xlwings-server reads: settings, generated functions, page,
manifest, batching. The extra's licence is not that of this project: `docs/decisions/0009-office-addin.md`.
"""
