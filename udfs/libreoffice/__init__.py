"""The functions in LibreOffice Calc: sources that `xl_perf.addins.libreoffice` packs into the extension."""
