"""What a release ships: `python -m xl_perf.release` makes its folder, its module `trials` the workbook of trials."""
