"""What every workbook is made of: page, styles, columns, parameters, remarks, guide."""
