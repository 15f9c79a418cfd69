"""What was delivered and what it said, for ever: `xl-perf record`, `history`, `compare`, `reproduce`.

SQLite in a file by default, PostgreSQL by URL. Nothing is changed or deleted: a corrected file is a new delivery.
"""
