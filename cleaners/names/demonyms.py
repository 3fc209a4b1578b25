"""Adjectives of countries as English news writes them, by ISO 3166-1 code; short names that CLDR lacks stand beside."""

from __future__ import annotations

_ROWS = """
AF Afghan; AL Albanian; DZ Algerian; AD Andorran; AO Angolan; AR Argentine Argentinian; AM Armenian; AU Australian;
AT Austrian; AZ Azerbaijani; BH Bahraini; BD Bangladeshi; BY Belarusian; BE Belgian; BJ Beninese; BT Bhutanese;
BO Bolivian; BA Bosnian; BW Botswanan; BR Brazilian; BN Bruneian; BG Bulgarian; BF Burkinabe; BI Burundian;
KH Cambodian; CM Cameroonian; CA Canadian; TD Chadian; CL Chilean; CN Chinese; CO Colombian; CG Congolese;
CR Costa_Rican; HR Croatian; CU Cuban; CY Cypriot; CZ Czech; DK Danish; DJ Djiboutian; EC Ecuadorian; EG Egyptian;
SV Salvadoran; ER Eritrean; EE Estonian; ET Ethiopian; FJ Fijian; FI Finnish; FR French; GA Gabonese; GM Gambian;
GE Georgian; DE German; GH Ghanaian; GR Greek; GT Guatemalan; GN Guinean; GY Guyanese; HT Haitian; HN Honduran;
HK Hong_Kong; HU Hungarian; IS Icelandic; IN Indian; ID Indonesian; IR Iranian; IQ Iraqi; IE Irish; IL Israeli;
IT Italian; JM Jamaican; JP Japanese; JO Jordanian; KZ Kazakh Kazakhstani; KE Kenyan; KW Kuwaiti; KG Kyrgyz; LA Lao
Laotian; LV Latvian; LB Lebanese; LR Liberian; LY Libyan; LT Lithuanian; LU Luxembourgish; MG Malagasy; MW Malawian;
MY Malaysian; MV Maldivian; ML Malian; MT Maltese; MR Mauritanian; MU Mauritian; MX Mexican; MD Moldovan; MC Monegasque;
MN Mongolian; ME Montenegrin; MA Moroccan; MZ Mozambican; MM Burmese Myanmar Burma; NA Namibian; NP Nepalese Nepali;
NL Dutch Holland Netherlands; NZ New_Zealand; NI Nicaraguan; NE Nigerien; NG Nigerian; KP North_Korean DPRK;
MK Macedonian; NO Norwegian; OM Omani; PK Pakistani; PS Palestinian; PA Panamanian; PG Papuan; PY Paraguayan;
PE Peruvian; PH Filipino Philippine; PL Polish; PT Portuguese; QA Qatari; RO Romanian; RU Russian; RW Rwandan;
SA Saudi; SN Senegalese; RS Serbian; SG Singaporean; SK Slovak; SI Slovenian Slovene; SO Somali; ZA South_African;
KR South_Korean ROK Korean; SS South_Sudanese; ES Spanish; LK Sri_Lankan; SD Sudanese; SR Surinamese; SE Swedish;
CH Swiss; SY Syrian; TW Taiwanese; TJ Tajik; TZ Tanzanian; TH Thai; TL Timorese; TG Togolese; TN Tunisian; TR Turkish
Turkey; TM Turkmen; UG Ugandan; UA Ukrainian; AE Emirati UAE; GB British Britain UK U.K. England English Scotland
Scottish Wales Welsh; US American America US U.S. USA U.S.A.; UY Uruguayan; UZ Uzbek; VE Venezuelan; VN Vietnamese;
YE Yemeni; ZM Zambian; ZW Zimbabwean
"""

DEMONYMS: dict[str, tuple[str, ...]] = {
    code: tuple(word.replace("_", " ") for word in words) for code, *words in (row.split() for row in _ROWS.split(";"))
}
