"""The functions and the actions in Excel on Windows, Mac and the web: pages for any web server, Python inside the page.

`web/` is what Excel shows and runs; `node/` prepares the Python part when the folder is built. The modules here run in
a worker of the page, in Pyodide: `calls` answers Excel's custom functions, `steps` does the actions on what the page
read from the workbook (`reading`), `editions` stands in for `xl_perf.plan`. `xl_perf.addins.office` puts it all
into a folder.
"""
