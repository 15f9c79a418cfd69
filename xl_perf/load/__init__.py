"""Facts from tables and other workbooks into official workbooks: `xl-perf load`."""
