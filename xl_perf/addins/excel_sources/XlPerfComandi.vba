Option Explicit

' Eseguita da sola all'apertura di Excel: testi della creazione guidata, controllo delle impostazioni.
Public Sub XLPERF_AVVIA()
    Dim problema As String
    XlPerfAiuto.Registra
    problema = XlPerfPonte.ProblemaImpostazioni()
    If problema <> "" Then XlPerfPonte.Avvisa problema
    XlPerfPonte.MostraAvviso
End Sub

' Da eseguire dopo un aggiornamento: chiude Python e ricalcola tutte le cartelle aperte.
Public Sub XLPERF_RIAVVIA()
    XlPerfPonte.Chiudi
    Application.CalculateFull
End Sub
