"""Names, streets and towns that fictional people are put together from.

Must not hold a combination: whoever it makes a real person of is a coincidence, and every point of contact is one that nobody has.
"""

from __future__ import annotations

from collections.abc import Mapping


def _words(text: str, between: str | None = None) -> list[str]:
    return text.split(between)


GIVEN = _words(
    "Alex Robin Sam Jo Chris Kit Pat Morgan Casey Jamie Ada Agnes Aidan Alma Amir Amelia Anwen Archie Aria Arthur Asha Barnaby "
    "Beatrix Bella Bertie Bryony Caleb Callum Carmel Cerys Chidi Clara Colm Cora Cyril Daisy Dariusz Delia Della Denzil Dev Dilys "
    "Edie Edwin Effie Elias Ellis Elowen Elsie Enid Esme Ewan Faith Farid Fern Finn Flora Freya Gareth Gethin Gwen Hana Harriet "
    "Hattie Hazel Hector Hugo Ida Idris Ines Iona Isaac Isla Ivor Ivy Jasper Jonah Josie Kamal Keira Kemi Kiran Lara Leela Leo "
    "Lena Linus Lorna Luca Lydia Maeve Maisie Marek Martha Mavis Meera Milo Mina Mollie Nadia Nell Niamh Noah Nora Olive Omar Orla "
    "Oscar Otis Owain Pearl Percy Petra Phoebe Poppy Priya Quinn Rafe Ravi Rhian Rory Rosa Rowan Ruby Rufus Ruth Sadie Seren Shay "
    "Silas Sunita Tabitha Tamsin Tess Theo Tilda Toby Una Vera Wilf Winnie Yara Yusuf Zach Zadie Zoë Chloë René Siân Zara"
)
FAMILY = _words(
    "Ash Reed Morgan Hale Lowe Vale Stone Lark Fenn Thorne Brook Marsh Holloway Penrose Quill Ravenscroft Sedge Tolliver Underhill "
    "Wainstone Yarrow Alderwick Birchall Copsewood Dunmere Elmhurst Farthing Gorsefield Hazelby Ingleby Jessop Kestrel Larkfield "
    "Mossley Netherby Oakshott Peverell Quarrington Rushby Stonebridge Tansley Upwood Vintner Whitlow Yeoward Applegarth Bramwell "
    "Cressbrook Dovedale Edale Fieldsend Goldspink Harewood Ivimey Kinder Longshaw Millthorpe Newbold Overdale Pilsley Quorndon "
    "Rowsley Stanage Thornsett Wardlow Abney Beeley Calver Darley Eyam Foolow Grindle Hucklow Ible Kelstedge Linacre Monyash Okoro "
    "Adeyemi Shah Patel Iqbal Hussain Begum Chaudhry Novak Kowal Petrov Mwangi Banda Osei Diallo Fernandes Rossi Keller Lindqvist "
    "Haugen Nguyen Tran Chen Tanaka O’Rourke O'Dell Smith-Vale Lowe-Farid MacAodha Doorn StClair Ngũgĩ Müller Sørby Peña"
)

BY_LANGUAGE: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "pl": (("Łucja", "Zbigniew", "Małgorzata", "Żaneta", "Paweł", "Agnieszka"), ("Wiśniowska", "Żółkowski", "Gąsior", "Dębowy", "Świerk")),
    "ro": (("Ștefan", "Ileana", "Răzvan", "Mădălina", "Ioniță"), ("Brădeanu", "Țăranu", "Vrăbioiu", "Stânescu", "Pădureanu")),
    "pa": (("ਗੁਰਲੀਨ", "ਹਰਜੋਤ", "ਸਿਮਰਨ", "ਬਲਦੀਪ"), ("ਸਿੰਘ", "ਕੌਰ", "ਧਾਲੀਵਾਲ", "ਗਿੱਲ")),
    "ur": (("عائشہ", "بلال", "نادیہ", "فرحان"), ("چوہدری", "قریشی", "ملک", "بٹ")),
    "sk": (("Ľubica", "Matúš", "Žofia", "Štefan"), ("Dubová", "Hôrka", "Jaseňák", "Čerešňa")),
    "ar": (("ليلى", "سامر", "هناء", "يوسف"), ("الحداد", "النجار", "الخياط", "منصور")),
}
LANGUAGE_NAMES: Mapping[str, str] = {
    "en": "English", "pl": "Polish", "ro": "Romanian", "pa": "Panjabi", "ur": "Urdu", "sk": "Slovak", "ar": "Arabic",
}  # fmt: skip
IN_LATIN: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "pa": (("Gurleen", "Harjot", "Simran", "Baldeep"), ("Singh", "Kaur", "Dhaliwal", "Gill")),
    "ur": (("Ayesha", "Bilal", "Nadia", "Farhan"), ("Chaudhry", "Qureshi", "Malik", "Butt")),
    "ar": (("Layla", "Samer", "Hana", "Yusuf"), ("Haddad", "Najjar", "Khayat", "Mansour")),
}
"""How most people of these languages write their names in an English form."""

TOWNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Amber Valley": (("Heanor", "DE75"), ("Ripley", "DE5"), ("Belper", "DE56"), ("Alfreton", "DE55")),
    "Bolsover": (("Bolsover", "S44"), ("Shirebrook", "NG20"), ("South Normanton", "DE55")),
    "Chesterfield": (("Chesterfield", "S40"), ("Chesterfield", "S41"), ("Staveley", "S43")),
    "Derby": (("Derby", "DE1"), ("Derby", "DE22"), ("Derby", "DE23"), ("Derby", "DE24")),
    "Derbyshire Dales": (("Matlock", "DE4"), ("Ashbourne", "DE6"), ("Bakewell", "DE45")),
    "Erewash": (("Ilkeston", "DE7"), ("Long Eaton", "NG10"), ("Sandiacre", "NG10")),
    "High Peak": (("Buxton", "SK17"), ("Glossop", "SK13"), ("New Mills", "SK22")),
    "North East Derbyshire": (("Dronfield", "S18"), ("Clay Cross", "S45"), ("Killamarsh", "S21")),
    "South Derbyshire": (("Swadlincote", "DE11"), ("Melbourne", "DE73"), ("Hilton", "DE65")),
}
"""The force's nine districts, with post towns. Inward codes of fictional addresses end in XX, which no address has."""

STREETS = _words(
    "Wood Street|Mill Lane|Larkspur Close|Tanner's Yard|Copper Beech Drive|Quarry Rise|Old Pump Lane|Fellmonger Row|Lantern Court|"
    "Sallow Bank|Teasel Way|Bobbin Street|Framework Lane|Wheelwright Close|Heron Reach|Saltbox Hill|Packhorse Rise|Lead Miners Way|"
    "Gritstone Gardens|Curlew View|Bellflower Avenue|Foxglove Mews|Brindle Croft|Nine Elms Road",
    "|",
)
TRADES = _words(
    "Cycles|Stores|Bakery|Hardware|Pharmacy|Garage|Motors|Supermarket|Forecourt|Café|Garden Centre|Builders|Tools|Community Hall|"
    "Primary School|Allotments|Parish Council|Sports Club|Plant Hire|Phones",
    "|",
)
