"""What a reader sees of a workbook, measured: structure, geometry on the screen, paper."""
