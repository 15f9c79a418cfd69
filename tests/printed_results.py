"""The tables of results of 2020 as P21 prints them (section "Risultati dell'anno 2020"), taken over from the
document's text.

By the role of the rows: title of the row, cells. The line of the DURC prints two numbers in each cell: they
    are two rows here.
"""

PRINTED = {
    "obiettivi": [
        ("INCREMENTO ACCERTAMENTO ENTRATE", "19,57", "", ""),
        ("Valori della Produzione Contributi (in Euro)", "", "8.310.713.735", "5.930.504.582"),
        (
            (
                "DIPENDENTI PUBBLICI: RICOSTRUZIONE DELLA CARRIERA CONTRIBUTIVA E MIGLIORAMENTO DEI TEMPI DI "
                "LIQUIDAZIONE DELLE PENSIONI"
            ),
            "-6,69",
            "",
            "",
        ),
        ("RIDUZIONE DEL NUMERO DI POSIZIONI ASSICURATIVE INCOMPLETE", "-0,47", "", ""),
        ("Indicatore sistemazione lista gestione pubblica per quota 100", "", "73,97", "96,43"),
        (
            "Implementazione Posizione Individuale dei Dipendenti Pubblici (riduzione di giacenza in pezzi)",
            "",
            "150.962",
            "93.757",
        ),
        (
            "Gestione scarti Riscatti e Ricongiunzioni Gestione Pubblica (riduzione di giacenza in pezzi)",
            "",
            "3.783.310",
            "2.788.304",
        ),
        (
            "Definizione Richieste di aggiornamento della Posizione assicurativa (RVPA) (pezzi lavorati)",
            "",
            "165.334",
            "86.080",
        ),
        ("Progetto ECO (domande definite)", "", "224.376", "139.213"),
        ("RIDUZIONE TEMPI DEFINIZIONE DEI PRODOTTI GESTIONALI DELLE PENSIONI PUBBLICHE", "-12,91", "", ""),
        ("Indice giacenza PDAP (in giorni)", "", "229", "140"),
        ("Indice qualità pensioni gestione pubblica", "", "113,46", "104"),
        ("MIGLIORAMENTO DELLA GESTIONE DEL CONTENZIOSO AMMINISTRATIVO", "- 4,41", "", ""),
        ("Indici Ricorsi amministrativi (Indice di calcolo degli indicatori)", "", "96,06", "103"),
        ("Indice qualità pareri e attività peritali prestazioni assistenziali", "", "120,05", "103"),
        ("MIGLIORAMENTO DELLA QUALITÀ PERCEPITA DALL'UTENTE", "14,74", "", ""),
        (
            "Indice sintetico di qualità Area Customer Care (Indice di calcolo degli indicatori)",
            "",
            "117,03",
            "102",
        ),
        ("MIGLIORAMENTO DEL BENESSERE INTERNO", "33,40", "", ""),
        ("% smart worker e telelavoratori sul totale", "", "19,09", "10"),
        ("Riduzione contenzioso giudiziario col personale (numero nuovi giudizi)", "", "264", "318"),
        ("Realizzazione Piano Triennale dei lavori (% realizzazione)", "", "166,20", "100"),
        (
            "MIGLIORAMENTO DELLA QUALITÀ PRESTAZIONI COLLEGATE ALLA CESSAZIONE/ SOSPENSIONE RAPPORTO DI LAVORO",
            "14,64",
            "",
            "",
        ),
        ("Indice sintetico di qualità cessazione/sospensione rapporto di lavoro", "", "119,75", "103"),
        (
            (
                "PROTEZIONE SOCIALE: OTTIMIZZAZIONE FLUSSI DOMANDE DI REDDITO DI CITTADINANZA, PRESTAZIONI A "
                "SOSTEGNO DELLA FAMIGLIA E INVALIDITÀ CIVILE"
            ),
            "5,60",
            "",
            "",
        ),
        ("Percentuale definito domande Reddito di cittadinanza", "", "94,26 %", "87 %"),
        ("Percentuale definito domande per sostegno alle famiglie", "", "93,40 %", "87 %"),
        ("Indice sintetico di qualità Invalidità civile", "", "114,68", "102"),
        ("RISULTATO SINTETICO", "108,67", "", ""),
    ],
    "servizi": [
        (
            (
                "TEMPI MEDI (IN GIORNI) DI LIQUIDAZIONE DELLE PENSIONI SETTORE PRIVATO IN PRIMA ISTANZA, SU "
                "RIESAME E RICORSO"
            ),
            "23",
            "19",
            "-17%",
        ),
        (
            (
                "TEMPI MEDI (IN GIORNI) DI LIQUIDAZIONE DELLE PENSIONI DEL SETTORE PUBBLICO IN PRIMA ISTANZA "
                "SU RIESAME E RICORSO"
            ),
            "38",
            "28",
            "-26%",
        ),
        (
            "TEMPI MEDI LIQUIDAZIONE NUOVA ASSICURAZIONE SOCIALE PER L'IMPIEGO (NASPI) (IN GIORNI)",
            "26",
            "22",
            "-15%",
        ),
        (
            "DOCUMENTO UNICO DI REGOLARITÀ CONTRIBUTIVA (DURC): VOLUMI E % DOMANDE COMPLETATE: Pervenuto",
            "3.652.927",
            "3.511.821",
            "-3,87 %",
        ),
        (
            "DOCUMENTO UNICO DI REGOLARITÀ CONTRIBUTIVA (DURC): VOLUMI E % DOMANDE COMPLETATE: Completato",
            "99,28%",
            "95,96%",
            "-3,32%",
        ),
        ("% RILASCIO MATRICOLA AZIENDALE ENTRO 3 GIORNI", "95,64%", "94,68%", "-1,60%"),
    ],
    "covid_autorizzazioni": [
        ("AUTORIZZAZIONI FONDI INTEGRAZIONE SALARIALE", "627.470", "589.755", "94,0 %"),
        ("AUTORIZZAZIONI CASSA INTEGRAZIONE GUADAGNI IN DEROGA", "1.734.262", "1.625.251", "93,7 %"),
        ("AUTORIZZAZIONI CASSA INTEGRAZIONE GUADAGNI ORDINARIA", "1.088.708", "1.055.832", "97,0 %"),
        (
            (
                "FLUSSI DI PAGAMENTO (c.d. modelli SR 41) LIQUIDATI, CONSEGUENTI AD AUTORIZZAZIONI DI "
                "INTEGRAZIONI SALARIALI CON PAGAMENTO DIRETTO"
            ),
            "4.639.794",
            "4.455.717",
            "96,0 %",
        ),
    ],
    "covid_bonus": [
        ("TOTALE BONUS INTRODOTTI DAL DECRETO CURA ITALIA E SUCCESSIVE", "7.512.719", "7.477.383", "99,5 %"),
        ("TOTALE REDDITO DI EMERGENZA", "1.337.503", "1.320.374", "98,7 %"),
    ],
    "produzione": [
        ("AREA PRESTAZIONI E SERVIZI INDIVIDUALI", "10.389.697", "12.540.800", "121%"),
        ("FLUSSI CONTRIBUTIVI E VIGILANZA DOCUMENTALE E ISPETTIVA", "6.649.566", "6.301.627", "95%"),
        ("PRESIDIO DELLE CONFORMITA' DI SEDE E CUSTOMER CARE", "3.119.889", "3.205.815", "103%"),
        ("DIREZIONE E ATTIVITA' DI STAFF", "2.740.220", "2.792.364", "102%"),
        ("PRESIDIO DELLE CONFORMITA' DI SERVIZIO", "91.024", "88.479", "97%"),
        ("RISORSE E PATRIMONIO STRUMENTALE", "398", "195", "49%"),
        ("TOTALE AREE DI PRODUZIONE (netto vig. ispettiva)", "22.910.609", "24.876.384", "109%"),
    ],
    "progetti": [
        ("SUSSIDIARIETÀ NAZIONALE", "428.710", "956.452", "123%"),
        ("PROGETTI NAZIONALI DI MIGLIORAMENTO", "2.968.451", "1.995.494", "-33%"),
    ],
    "giacenza_prestazioni": [
        ("AREA PRESTAZIONI E SERVIZI INDIVIDUALI", "62", "34", "41"),
        ("ASSICURATO PENSIONATO (gestione privata)", "55", "33", "43"),
        ("ASSICURATO PENSIONATO (gestione pubblica)", "229", "80", "214"),
        ("CONVENZIONI INTERNAZIONALI", "124", "62", "119"),
        ("PRODOTTI AD ELEVATA SPECIALIZZAZIONE E FONDI SPECIALI", "50", "48", "56"),
        ("PRESTAZIONI FINE SERVIZIO E PREV.COMPLEM.DIPEND. PPA", "222", "122", "179"),
        ("AMMORTIZZATORI SOCIALI", "36", "21", "24"),
        ("SERVIZI COLLEGATI A REQUISITI SOCIO-SANITARI", "34", "22", "42"),
        ("CREDITO E WELFARE", "269", "111", "106"),
    ],
    "deflusso": [
        ("PRESTAZIONI E SERVIZI INDIVIDUALI", "1,00"),
        ("GESTIONE CONTO ASSICURATIVO INDIVIDUALE", "1,15"),
        ("FLUSSI CONTRIBUTIVI", "0,99"),
        ("ALTRE AREE", "1,04"),
    ],
    "giacenza": [
        ("GESTIONE CONTO ASSICURATIVO INDIVIDUALE", "210", "208", "238"),
        ("GESTIONE CONTO ASSICURATIVO INDIVIDUALE", "210", "208", "238"),
        ("AREA FLUSSI CONTRIBUTIVI", "138", "125", "155"),
        ("ANAGRAFICA E FLUSSI", "117", "101", "117"),
        ("ACCERTAMENTO E GESTIONE DEL CREDITO", "156", "146", "191"),
        ("VIGILANZA DOCUMENTALE", "115", "98", "157"),
        ("ALTRE AREE", "126", "118", "104"),
        ("CONTROLLO PRESTAZIONI", "114", "105", "81"),
        ("GESTIONE ORGANIZZATIVA RICORSI AMM.VI", "128", "111", "120"),
        ("ARCHIVI", "0", "3", "0"),
        ("ACCERTAMENTO E INV CIV", "214", "191", "248"),
    ],
    "qualita": [
        ("ANNO PRECEDENTE", "7,02 %", "10,26%", "11,81%"),
        ("BUDGET", "-1,23 %", "-0,71%", "3,21%"),
    ],
    "ieep": [
        (
            "INDICATORE DI EFFICACIA ECONOMICO-FINANZIARIA DELLA PRODUZIONE (I.E.E.P) – TOTALE NAZIONALE",
            "8.264.355.659",
            "10.820.285.247",
            "30,9%",
        ),
    ],
    "ieep_entrate": [
        (
            "INDICATORE DI EFFICACIA ECONOMICO-FINANZIARIA DELLA PRODUZIONE (MAGGIORI ENTRATE)",
            "6.299.793.637",
            "8.858.432.446",
            "40,60%",
        ),
        ("ACCERTAMENTO CONTRIBUTI IN FASE DI GESTIONE FLUSSI", "5.131.090.877", "7.660.635.698", "49,30%"),
        ("ACCERTAMENTO CONTRIBUTI", "696.635.869", "497.152.165", "-28,64%"),
        ("di cui Accertamenti da vigilanza ispettiva", "257.080.718", "334.907.594", "30,27%"),
        ("di cui Accertamenti da vigilanza documentale", "154.465.081", "84.915.045", "-45,03%"),
        ("di cui Accertamenti da DMV", "285.090.070", "77.329.526", "-72,88%"),
        ("ACCERTAMENTO ECA", "102.777.835", "152.925.872", "48,79%"),
        ("ACCERTAMENTO BENEFICI IN SEDE DI PENSIONE/TFS", "11.116.816", "1.934.565", "-82,60%"),
        ("RISCATTI E RICONGIUNZIONI", "358.172.239", "545.775.147", "53,38%"),
    ],
    "ieep_uscite": [
        (
            "INDICATORE DI EFFICACIA ECONOMICO-FINANZIARIA DELLA PRODUZIONE (MINORI USCITE)",
            "1.946.562.022",
            "1.961.861.800",
            "-0,1%",
        ),
        ("INTERESSI LEGALI (-)", "13.614.449", "4.091.820", "69,95%"),
        ("ACCERTAMENTO PRESTAZIONI INDEBITE", "1.752.300.148", "1.679.358.169", "-4,16%"),
        ("MINORI PRESTAZIONI DA VIGILANZA", "190.576.097", "247.531.582", "29,89%"),
        ("AZIONI SURROGATORIE", "35.300.227", "39.063.869", "10,66%"),
    ],
}
