"""Reading the data files of an edition: from a directory of TOML and CSV files to a `Plan`."""
