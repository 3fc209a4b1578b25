"""First-level regions and large islands as English news writes them, by ISO 3166-1 code: the gazetteer has only cities.

Written from ISO 3166-2 and common usage; those of China and Japan carry their characters. Names that are also a city's
("New York", "Osaka") are left to the cities.
"""

from __future__ import annotations

_ROWS = """
ID Sulawesi Sumatra Java Kalimantan Papua Aceh Bali Lombok Maluku Riau Lampung Banten Flores Borneo West_Java
East_Java Central_Java Bengkulu Moluccas;
MX Sinaloa Michoacan Tamaulipas Jalisco Oaxaca Chiapas Sonora Guerrero Yucatan Tabasco Nayarit Coahuila Quintana_Roo
Nuevo_Leon Baja_California Hidalgo Morelos Tlaxcala;
MY Selangor Sabah Sarawak Penang Perak Pahang Kelantan Terengganu Kedah Perlis Johor Negeri_Sembilan;
TH Pattani Yala Narathiwat Chiang_Mai Isan;
PH Luzon Mindanao Visayas Palawan Sulu Basilan Maguindanao Benguet Leyte Samar Negros;
PK Punjab Sindh Balochistan Khyber_Pakhtunkhwa Waziristan Gilgit-Baltistan;
IN Maharashtra Karnataka Kerala Tamil_Nadu Gujarat Rajasthan Uttar_Pradesh Madhya_Pradesh Andhra_Pradesh Bihar Assam
Odisha Jharkhand Haryana Uttarakhand Himachal_Pradesh Telangana Chhattisgarh West_Bengal Manipur Nagaland Mizoram
Meghalaya Tripura Sikkim Arunachal_Pradesh Kashmir Ladakh Goa;
RU Siberia Dagestan Chechnya Ingushetia Tatarstan Bashkortostan Yakutia Sakhalin Kamchatka Primorye Buryatia Tuva
Kuban Chukotka Karelia Kalmykia Udmurtia Chuvashia Mordovia Kuril_Islands Krasnodar_Krai;
UA Crimea Donbas Donbass Volyn Zakarpattia Bukovina Galicia;
ES Extremadura Catalonia Andalusia Aragon Asturias Cantabria Navarre Castile Murcia La_Rioja Basque_Country;
IT Lombardy Tuscany Umbria Sicily Sardinia Piedmont Calabria Apulia Liguria Veneto Abruzzo Molise Basilicata Campania
Lazio Marche Emilia-Romagna;
FR Brittany Normandy Burgundy Provence Corsica Alsace Lorraine Aquitaine Occitanie Picardy Champagne Auvergne;
DE Bavaria Saxony Hesse Thuringia Brandenburg Saarland Lower_Saxony Rhineland-Palatinate Schleswig-Holstein
North_Rhine-Westphalia Baden-Wurttemberg Mecklenburg;
GB Cornwall Devon Kent Essex Sussex Surrey Norfolk Suffolk Lancashire Yorkshire Cumbria Northumberland Dorset Somerset
Wiltshire Hampshire Berkshire Oxfordshire Hertfordshire Cheshire Derbyshire Nottinghamshire Staffordshire Shropshire
Leicestershire Northamptonshire Warwickshire Worcestershire Gloucestershire Lincolnshire Merseyside Tyneside
Northern_Ireland;
CA Ontario Quebec Alberta Manitoba Saskatchewan Nova_Scotia New_Brunswick Newfoundland British_Columbia Yukon Nunavut;
AU Queensland Tasmania New_South_Wales Northern_Territory South_Australia Western_Australia;
BR Amazonas Bahia Parana Pernambuco Minas_Gerais Mato_Grosso Rondonia Roraima Acre Goias Maranhao;
AF Helmand Nangarhar Badakhshan Uruzgan Paktia Khost Faryab Baghlan Parwan Balkh Kunar Nuristan Logar Wardak;
IQ Anbar Nineveh Diyala Kurdistan; SO Puntland Somaliland Jubaland; SD Darfur Kordofan;
ET Tigray Oromia Amhara Afar; CD Kivu Katanga Kasai Ituri; NG Borno Yobe Adamawa Zamfara;
MM Rakhine Kachin Shan Kayin Karen Chin Kayah; KR Gyeonggi-do Gangwon-do Chungcheong Jeolla Gyeongsang Jeju Gyeonggi;
VN Quang_Ninh Lao_Cai Ha_Giang; TR Anatolia Hatay Cappadocia; GE Abkhazia South_Ossetia Adjara; MD Transnistria;
AZ Nagorno-Karabakh Nakhchivan; PW Peleliu; GR Crete Lesbos Thessaly Peloponnese Macedonia; PT Madeira Azores Algarve;
US Guam Saipan Oahu Maui
"""

REGIONS: dict[str, tuple[str, ...]] = {
    code: tuple(word.replace("_", " ") for word in words) for code, *words in (row.split() for row in _ROWS.split(";"))
}

_CHINA = """
Anhui 安徽 Fujian 福建 Gansu 甘肃 Guangdong 广东 Guangxi 广西 Guizhou 贵州 Hainan 海南 Hebei 河北 Heilongjiang 黑龙江
Henan 河南 Hubei 湖北 Hunan 湖南 Jiangsu 江苏 Jiangxi 江西 Jilin 吉林 Liaoning 辽宁 Inner_Mongolia 内蒙古 Ningxia 宁夏
Qinghai 青海 Shaanxi 陕西 Shandong 山东 Shanxi 山西 Sichuan 四川 Tibet 西藏 Xinjiang 新疆 Yunnan 云南 Zhejiang 浙江
"""
_JAPAN = """
Aichi 愛知 Ehime 愛媛 Gunma 群馬 Hokkaido 北海道 Hyogo 兵庫 Ibaraki 茨城 Ishikawa 石川 Iwate 岩手 Kagawa 香川
Kanagawa 神奈川 Mie 三重 Miyagi 宮城 Okinawa 沖縄 Saitama 埼玉 Shiga 滋賀 Shimane 島根 Tochigi 栃木 Yamanashi 山梨
Kyushu 九州 Shikoku 四国 Honshu 本州 Tohoku 東北 Kansai 関西 Kanto 関東 Hokuriku 北陸 Tokai 東海 Chugoku 中国地方
Amami 奄美 Senkaku_Islands 尖閣諸島
"""


def _pairs(rows: str) -> list[tuple[str, str]]:
    words = rows.split()
    return [(name.replace("_", " "), characters) for name, characters in zip(words[::2], words[1::2], strict=True)]


# Name, country, characters.
WITH_CHARACTERS: tuple[tuple[str, str, str], ...] = tuple(
    (name, code, characters) for code, rows in (("CN", _CHINA), ("JP", _JAPAN)) for name, characters in _pairs(rows)
)
