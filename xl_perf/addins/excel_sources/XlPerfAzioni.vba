Option Explicit
Option Private Module

' Azioni sulla cartella aperta: Python dice che cosa cambierebbe, chi usa Excel conferma, Python scrive.
Public Sub Esegui(ByVal azione As String)
    Dim aperta As Object
    Dim detto As String
    Dim celle As Long
    Set aperta = Application.ActiveWorkbook
    If aperta Is Nothing Then
        MsgBox "Nessuna cartella aperta.", vbInformation, "xl_perf"
        Exit Sub
    End If
    detto = XlPerfPonte.Chiedi(azione, aperta)
    celle = QuanteCelle(detto)
    If celle = 0 Then
        MsgBox Messaggio(detto), vbInformation, "xl_perf"
        Exit Sub
    End If
    If MsgBox(Messaggio(detto) & vbLf & vbLf & "Scrivere " & celle & IIf(celle = 1, " cella?", " celle?"), vbYesNo + vbQuestion + vbDefaultButton2, "xl_perf") <> vbYes Then Exit Sub
    MsgBox Messaggio(XlPerfPonte.Chiedi("scrivi", aperta)), vbInformation, "xl_perf"
End Sub

' La prima riga della risposta è il numero di celle, le altre sono il testo.
Private Function QuanteCelle(ByVal risposta As String) As Long
    QuanteCelle = CLng(Val(risposta))
End Function

Private Function Messaggio(ByVal risposta As String) As String
    Messaggio = Mid$(risposta, InStr(risposta, vbLf) + 1)
End Function
