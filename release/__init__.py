"""What a release ships: `python -m release` makes its folder, `python -m release.trials` the workbook of trials."""
