Option Explicit
Option Private Module

' Collegamento con Python: avvia l'interprete indicato nel file delle impostazioni, controlla le versioni, passa i valori
' delle celle e riceve i risultati. Per calcolare non legge nulla dalla cartella di lavoro che contiene le formule e non
' ne aggiunge il percorso a quelli di Python; una cartella passa a Python solo per l'azione scelta da chi usa Excel.

Private Const VERSIONE As String = "@VERSIONE@"
Private Const VERSIONE_XLWINGS As String = "@XLWINGS@"
Private Const IMPRONTA As String = "@IMPRONTA@"
Private Const MODULO_FUNZIONI As String = "@MODULO_FUNZIONI@"
Private Const MODULO_VERSIONI As String = "@MODULO_VERSIONI@"
Private Const MODULO_AZIONI As String = "@MODULO_AZIONI@"
Private Const NOME_IMPOSTAZIONI As String = "@NOME_IMPOSTAZIONI@"
Private Const ATTESA_SECONDI As Long = 60
Private Const RIMEDIO As String = "Eseguire ""xl-perf doctor"" per il dettaglio e, in Excel, la macro XLPERF_RIAVVIA dopo la correzione."

#If Mac Then
#ElseIf Win64 Then
    Private Const NOME_DLL As String = "xlwings64-@XLWINGS@.dll"
    Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings64-@XLWINGS@.dll" (ByRef oggetto As Variant, ByVal comando As String, ByVal modo As Long) As Long
#Else
    Private Const NOME_DLL As String = "xlwings32-@XLWINGS@.dll"
    Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings32-@XLWINGS@.dll" (ByRef oggetto As Variant, ByVal comando As String, ByVal modo As Long) As Long
#End If
#If Mac Then
#Else
    Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal percorso As LongPtr) As LongPtr
    Private Declare PtrSafe Function MultiByteToWideChar Lib "kernel32" (ByVal codifica As Long, ByVal opzioni As Long, ByVal origine As LongPtr, ByVal lunghezza As Long, ByVal destinazione As LongPtr, ByVal posti As Long) As Long
#End If

Private mPonte As Object
Private mComando As String
Private mMotivo As String
Private mRiprova As Date
Private mAvviso As String
Private mMostrato As String
Private mPython As String
Private mInterprete As String
Private mCartellaDll As String
Private mModuli As String

' Chiama una funzione del catalogo con i valori degli argomenti; se Python manca il risultato è #VALORE!.
Public Function Chiama(ByVal nome As String, ByRef argomenti As Variant) As Variant
    Dim esito As Variant
    Dim tentativo As Long
    Dim numero As Long
    For tentativo = 1 To 2
        If Not Collegato() Then Exit For
        On Error Resume Next
        ' le parentesi passano copie: i valori per riferimento tornerebbero indietro fra i due processi
        esito = mPonte.CallUDF(MODULO_FUNZIONI, (nome), (argomenti))
        numero = Err.Number
        On Error GoTo 0
        If numero = 0 Then
            Chiama = Risultato(esito)
            Exit Function
        End If
        Set mPonte = Nothing
    Next tentativo
    Chiama = CVErr(xlErrValue)
End Function

' Chiede a Python un'azione su una cartella; la risposta è il numero di celle e, dalla seconda riga, un testo.
Public Function Chiedi(ByVal azione As String, ByVal aperta As Object) As String
    If Not Collegato() Then
        Chiedi = "0" & vbLf & mMotivo
        Exit Function
    End If
    On Error Resume Next
    Chiedi = mPonte.Str(mPonte.Call(mPonte.Module(MODULO_AZIONI), (azione), mPonte.Tuple(aperta)))
    If Err.Number <> 0 Then
        Chiedi = "0" & vbLf & "Python non ha risposto: " & Left$(Err.Description, 500)
        Set mPonte = Nothing
    End If
    On Error GoTo 0
End Function

' I valori di un argomento: di un intervallo quelli delle celle, senza formato; altrimenti l'argomento stesso.
Public Function ValoriDi(ByRef argomento As Variant) As Variant
    If Not IsObject(argomento) Then
        ValoriDi = argomento
    ElseIf Not TypeOf argomento Is Range Then
        ValoriDi = CVErr(xlErrValue)
    ElseIf argomento.Areas.Count > 1 Then
        ValoriDi = CVErr(xlErrValue)
    Else
        ValoriDi = argomento.Value2
    End If
End Function

' Il risultato di Python con i testi degli errori trasformati in errori di Excel.
Public Function Risultato(ByVal esito As Variant) As Variant
    Dim riga As Long
    Dim colonna As Long
    If Not IsArray(esito) Then
        Risultato = Cella(esito)
        Exit Function
    End If
    If Dimensioni(esito) = 1 Then
        For colonna = LBound(esito) To UBound(esito)
            esito(colonna) = Cella(esito(colonna))
        Next colonna
    Else
        For riga = LBound(esito, 1) To UBound(esito, 1)
            For colonna = LBound(esito, 2) To UBound(esito, 2)
                esito(riga, colonna) = Cella(esito(riga, colonna))
            Next colonna
        Next riga
    End If
    Risultato = esito
End Function

Private Function Dimensioni(ByRef matrice As Variant) As Long
    Dim limite As Long
    Dimensioni = 1
    On Error Resume Next
    limite = UBound(matrice, 2)
    If Err.Number = 0 Then Dimensioni = 2
    On Error GoTo 0
End Function

Private Function Cella(ByVal valore As Variant) As Variant
    Cella = valore
    If VarType(valore) <> vbString Then Exit Function
    Select Case valore
@ERRORI@
    End Select
End Function

' Versioni dei pezzi, oppure che cosa non va.
Public Function TestoVersione() As String
    If Collegato() Then
        TestoVersione = "xl_perf " & VERSIONE & " - " & mPython
    Else
        TestoVersione = "xl_perf " & VERSIONE & " (solo il componente aggiuntivo) - " & mMotivo
    End If
End Function

Public Sub Avvisa(ByVal testo As String)
    If testo <> mMostrato Then mAvviso = testo
End Sub

' Mostra una volta il messaggio in attesa; mai durante il calcolo, mai se Excel è guidato da un altro programma.
Public Sub MostraAvviso()
    Dim testo As String
    If mAvviso = "" Then Exit Sub
    testo = mAvviso
    mAvviso = ""
    mMostrato = testo
    If Application.UserControl Then MsgBox testo & vbCrLf & vbCrLf & RIMEDIO, vbExclamation, "xl_perf"
End Sub

Public Sub Chiudi()
#If Mac Then
#Else
    Dim niente As Variant
    Set mPonte = Nothing
    On Error Resume Next
    If mComando <> "" Then XLPyDLLActivateAuto niente, mComando, -1
    On Error GoTo 0
#End If
    mComando = ""
    mMotivo = ""
    mMostrato = ""
    mRiprova = 0
End Sub

' Vero se Python risponde con le versioni giuste; dopo un tentativo fallito non riprova subito.
Private Function Collegato() As Boolean
    If Not mPonte Is Nothing Then
        Collegato = True
        Exit Function
    End If
    If Now < mRiprova Then Exit Function
    mMotivo = Collega()
    Collegato = (mMotivo = "")
    If Not Collegato Then
        Set mPonte = Nothing
        mRiprova = Now + TimeSerial(0, 0, ATTESA_SECONDI)
        Avvisa mMotivo
    End If
End Function

' Avvia Python e ne controlla le versioni; "" se tutto va bene, altrimenti il motivo.
Private Function Collega() As String
#If Mac Then
    Collega = "Il componente aggiuntivo funziona solo in Excel per Windows."
#Else
    Dim oggetto As Variant
    Dim esito As Long
    Dim dichiarate As String
    Dim dettaglio As String
    Dim problema As String
    problema = ProblemaImpostazioni()
    If problema <> "" Then
        Collega = problema
        Exit Function
    End If
    mComando = RigaComando()
    On Error Resume Next
    esito = XLPyDLLActivateAuto(oggetto, mComando, 1)
    If Err.Number <> 0 Then
        dettaglio = Err.Description
    ElseIf esito <> 0 Then
        dettaglio = "" & oggetto
    Else
        Set mPonte = oggetto
        dichiarate = mPonte.Str(mPonte.Call(mPonte.Module(MODULO_VERSIONI), "versions", mPonte.Tuple()))
        If Err.Number <> 0 Then dettaglio = Err.Description
    End If
    On Error GoTo 0
    If dichiarate <> "" Then
        Collega = ProblemaVersioni(dichiarate)
    Else
        Collega = "Python (" & mInterprete & ") non si avvia o non trova xl_perf: " & Left$(dettaglio, 500)
    End If
#End If
End Function

' La riga di comando, senza interprete dei comandi: -P e -E tolgono dai percorsi di Python la cartella corrente e le
' variabili d'ambiente, i moduli vengono solo dall'installazione e dalle impostazioni.
Private Function RigaComando() As String
    Dim riga As String
    riga = """" & mInterprete & """ -B -E -P -c ""import sys; sys.path[0:0] = sys.argv[1:]; import xlwings; xlwings.serve('$(CLSID)')"""
    If mModuli <> "" Then riga = riga & " """ & mModuli & """"
    RigaComando = riga
End Function

' Confronta le versioni dichiarate da Python con quelle del componente aggiuntivo.
Public Function ProblemaVersioni(ByVal dichiarate As String) As String
    Dim xl As String
    Dim xlw As String
    xl = Voce(dichiarate, "xl_perf")
    xlw = Voce(dichiarate, "xlwings")
    mPython = "xlwings " & xlw & ", Python " & Voce(dichiarate, "python") & ", dati " & Voce(dichiarate, "edizione")
    If xl <> VERSIONE Then
        ProblemaVersioni = "Il componente aggiuntivo è della versione " & VERSIONE & " di xl_perf, Python ha la versione " & xl & ". Creare di nuovo il componente con ""xl-perf addin excel""."
    ElseIf xlw <> VERSIONE_XLWINGS Then
        ProblemaVersioni = "Il componente aggiuntivo usa la DLL di xlwings " & VERSIONE_XLWINGS & ", Python ha xlwings " & xlw & ". Creare di nuovo il componente con ""xl-perf addin excel""."
    ElseIf Voce(dichiarate, "impronta") <> IMPRONTA Then
        ProblemaVersioni = "Le funzioni del componente aggiuntivo non sono quelle installate in Python. Creare di nuovo il componente con ""xl-perf addin excel""."
    End If
End Function

' Il valore di una riga "chiave=valore".
Private Function Voce(ByVal testo As String, ByVal chiave As String) As String
    Dim riga As Variant
    For Each riga In Split(testo, vbLf)
        If Left$(riga, Len(chiave) + 1) = chiave & "=" Then Voce = Mid$(riga, Len(chiave) + 2)
    Next riga
End Function

' Legge le impostazioni e controlla che interprete e DLL ci siano, senza avviare nulla; "" se tutto va bene.
Public Function ProblemaImpostazioni() As String
#If Mac Then
    ProblemaImpostazioni = "Il componente aggiuntivo funziona solo in Excel per Windows."
#Else
    Dim percorso As String
    Dim problema As String
    percorso = FileImpostazioni()
    If percorso = "" Then
        ProblemaImpostazioni = "Manca il file delle impostazioni " & NOME_IMPOSTAZIONI & ": va accanto al componente aggiuntivo (" & ThisWorkbook.Path & ") oppure in " & Environ$("APPDATA") & "\xl_perf."
        Exit Function
    End If
    problema = LeggiImpostazioni(TestoFile(percorso), percorso)
    If problema = "" And Not EsisteFile(mInterprete) Then problema = percorso & ": l'interprete " & mInterprete & " non esiste."
    If problema = "" Then problema = CaricaDll()
    ProblemaImpostazioni = problema
#End If
End Function

' Prende interprete, moduli e dll dal testo del file; "" se tutto va bene. Una chiave sconosciuta è un errore.
Public Function LeggiImpostazioni(ByVal testo As String, ByVal percorso As String) As String
    Dim voceFile As Variant
    Dim riga As String
    Dim chiave As String
    Dim contenuto As String
    Dim posto As Long
    mInterprete = ""
    mModuli = ""
    mCartellaDll = ""
    For Each voceFile In Split(Replace(testo, vbCr, ""), vbLf)
        riga = Trim$(voceFile)
        If riga <> "" And Left$(riga, 1) <> "#" Then
            posto = InStr(riga, "=")
            If posto = 0 Then
                LeggiImpostazioni = percorso & ": la riga """ & riga & """ non è del tipo chiave = valore."
                Exit Function
            End If
            chiave = LCase$(Trim$(Left$(riga, posto - 1)))
            contenuto = SenzaBarra(Trim$(Mid$(riga, posto + 1)))
            If PercorsoRelativo(contenuto) Then contenuto = Cartella(percorso) & "\" & contenuto
            If Not PercorsoAmmesso(contenuto) Then
                LeggiImpostazioni = percorso & ": " & chiave & " deve essere un percorso completo, per esempio C:\Python311\python.exe, o relativo alla cartella di questo file, senza ""..""."
                Exit Function
            End If
            Select Case chiave
                Case "interprete": mInterprete = contenuto
                Case "moduli": mModuli = contenuto
                Case "dll": mCartellaDll = contenuto
                Case Else
                    LeggiImpostazioni = percorso & ": chiave sconosciuta """ & chiave & """; quelle ammesse sono interprete, moduli e dll."
                    Exit Function
            End Select
        End If
    Next voceFile
    If mInterprete = "" Then LeggiImpostazioni = percorso & ": manca la riga ""interprete = percorso completo di python.exe""."
End Function

' Un percorso completo, su un disco o di rete, senza caratteri che cambierebbero il comando.
Public Function PercorsoAmmesso(ByVal percorso As String) As Boolean
    If InStr(percorso, """") > 0 Or InStr(percorso, "$(") > 0 Then Exit Function
    PercorsoAmmesso = (Mid$(percorso, 2, 2) = ":\") Or (Left$(percorso, 2) = "\\")
End Function

' Un percorso che comincia dalla cartella delle impostazioni e non ne esce: python\python.exe.
Public Function PercorsoRelativo(ByVal percorso As String) As Boolean
    If percorso = "" Or InStr(percorso, ":") > 0 Or InStr(percorso, "/") > 0 Then Exit Function
    If Left$(percorso, 1) = "\" Or InStr("\" & percorso & "\", "\..\") > 0 Then Exit Function
    PercorsoRelativo = True
End Function

Private Function SenzaBarra(ByVal percorso As String) As String
    Dim testo As String
    testo = percorso
    Do While Len(testo) > 3 And Right$(testo, 1) = "\"
        testo = Left$(testo, Len(testo) - 1)
    Loop
    SenzaBarra = testo
End Function

Private Function Cartella(ByVal percorso As String) As String
    Dim posto As Long
    posto = InStrRev(percorso, "\")
    If posto > 0 Then Cartella = Left$(percorso, posto - 1)
End Function

#If Mac Then
#Else
Private Function FileImpostazioni() As String
    Dim posto As Variant
    For Each posto In Array(ThisWorkbook.Path, Environ$("APPDATA") & "\xl_perf")
        If EsisteFile(posto & "\" & NOME_IMPOSTAZIONI) Then
            FileImpostazioni = posto & "\" & NOME_IMPOSTAZIONI
            Exit Function
        End If
    Next posto
End Function

Private Function EsisteFile(ByVal percorso As String) As Boolean
    Dim attributi As Long
    On Error Resume Next
    attributi = GetAttr(percorso)
    EsisteFile = (Err.Number = 0) And ((attributi And vbDirectory) = 0)
    On Error GoTo 0
End Function

' Il testo di un file UTF-8, con o senza BOM.
Private Function TestoFile(ByVal percorso As String) As String
    Dim canale As Integer
    Dim letti() As Byte
    Dim testo As String
    Dim posti As Long
    canale = FreeFile
    Open percorso For Binary Access Read Shared As #canale
    If LOF(canale) > 0 Then
        ReDim letti(0 To LOF(canale) - 1)
        Get #canale, , letti
        posti = MultiByteToWideChar(65001, 0, VarPtr(letti(0)), UBound(letti) + 1, 0, 0)
        testo = String$(posti, " ")
        MultiByteToWideChar 65001, 0, VarPtr(letti(0)), UBound(letti) + 1, StrPtr(testo), posti
    End If
    Close #canale
    If Left$(testo, 1) = ChrW$(65279) Then testo = Mid$(testo, 2)
    TestoFile = testo
End Function

' Carica la DLL di xlwings dalla cartella indicata, da quella dell'interprete o da quella sopra (ambienti virtuali).
' Cercarla solo per percorso completo evita che Windows la prenda dalla cartella corrente.
Private Function CaricaDll() As String
    Dim cartelle As Variant
    Dim posto As Variant
    Dim trovata As String
    If mCartellaDll <> "" Then
        cartelle = Array(mCartellaDll)
    Else
        cartelle = Array(Cartella(mInterprete), Cartella(Cartella(mInterprete)))
    End If
    For Each posto In cartelle
        If EsisteFile(posto & "\" & NOME_DLL) Then
            If LoadLibraryW(StrPtr(posto & "\" & NOME_DLL)) = 0 Then CaricaDll = "La DLL " & posto & "\" & NOME_DLL & " non si carica."
            Exit Function
        End If
        If trovata = "" Then trovata = Dir$(posto & "\" & Left$(NOME_DLL, 9) & "-*.dll")
    Next posto
    If trovata <> "" Then trovata = " C'è invece " & trovata & ": creare di nuovo il componente con ""xl-perf addin excel""."
    CaricaDll = "Manca " & NOME_DLL & " in " & cartelle(0) & "." & trovata
End Function
#End If
