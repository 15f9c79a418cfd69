"""An official workbook, whatever holds it: a closed file, LibreOffice Calc, Excel.

`port.Book` says what every adapter does: `read` gives the content, `write` puts values into cells. `file`, `calc` and
`excel` are the adapters; what is done with a workbook (`xl_perf.actions`) knows none of them.
"""
