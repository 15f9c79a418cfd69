Option Explicit

Private WithEvents Applicazione As Application

Private Sub Workbook_Open()
    Set Applicazione = Application
    Application.OnTime Now, "'" & ThisWorkbook.Name & "'!XLPERF_AVVIA"
End Sub

Private Sub Applicazione_AfterCalculate()
    XlPerfPonte.MostraAvviso
End Sub

Private Sub Workbook_BeforeClose(Cancel As Boolean)
    XlPerfPonte.Chiudi
End Sub
