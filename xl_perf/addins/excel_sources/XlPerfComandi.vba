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

' Che cosa risponde: versioni di ogni pezzo, o che cosa impedisce alle funzioni di calcolare.
Public Sub XLPERF_STATO()
    MsgBox XlPerfPonte.TestoVersione(), vbInformation, "xl_perf"
End Sub

' Porta la cartella aperta agli obiettivi dell'ultimo atto; chiede prima di scrivere.
Public Sub XLPERF_RICARICA()
    XlPerfAzioni.Esegui "ricarica"
End Sub

' Rimette i valori di prima dell'ultima azione; chiede prima di scrivere.
Public Sub XLPERF_RIPRISTINA()
    XlPerfAzioni.Esegui "ripristina"
End Sub

' I pulsanti della scheda XL_PERF.
Public Sub XLPERF_PULSANTE(ByVal pulsante As Object)
    Select Case pulsante.ID
        Case "xlperfRicarica": XLPERF_RICARICA
        Case "xlperfRipristina": XLPERF_RIPRISTINA
        Case "xlperfStato": XLPERF_STATO
        Case "xlperfRiavvia": XLPERF_RIAVVIA
    End Select
End Sub
