// Runs only where the browser inside Excel knows no modules (Internet Explorer's engine, Office 2016 and 2019).
document.getElementById("stato").innerText =
  "XL_PERF non può funzionare in questa versione di Excel. Serve Microsoft 365 o Office 2021; per Excel 2016 e 2019 c'è il" +
  " componente classico (docs/guida/excel.md).";
