Option Explicit
Option Private Module

' Testi della creazione guidata funzione. Excel li rifiuta per una cartella nascosta: il componente aggiuntivo diventa
' visibile per un momento, a schermo fermo. Un testo rifiutato non impedisce alle funzioni di calcolare.
Public Sub Registra()
#If Mac Then
#Else
    Dim schermo As Boolean
    Dim eventi As Boolean
    schermo = Application.ScreenUpdating
    eventi = Application.EnableEvents
    On Error Resume Next
    Application.ScreenUpdating = False
    Application.EnableEvents = False
    ThisWorkbook.IsAddin = False
@REGISTRA@
    ThisWorkbook.IsAddin = True
    ThisWorkbook.Saved = True
    Application.EnableEvents = eventi
    Application.ScreenUpdating = schermo
    On Error GoTo 0
#End If
End Sub

Private Function NomeMacro(ByVal nome As String) As String
    NomeMacro = "'" & ThisWorkbook.Name & "'!" & nome
End Function

