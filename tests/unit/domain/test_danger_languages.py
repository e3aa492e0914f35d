"""Words of immediate danger in other languages than English: sentences that are found, sentences of every day that are not, and spellings.

The sentences of every day are what people write to us most: what was taken, when somebody will call, thanks, and what is over.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from chalicelib.domain.danger import in_danger
from chalicelib.domain.danger_words import DANGER_RULES

DAY = date(2026, 12, 1)
DANGER = {
    "pl": """
        Proszę, pomóżcie mi! Grozi, że mnie zabije
        on mnie zabije
        stoi pod moimi drzwiami
        ktoś włamuje się do domu
        ma w ręku nóż
        nie mogę stąd wyjść
        bije mnie
        chcę się zabić
        boję się o swoje życie
        wyślijcie szybko policję
    """,
    "ro": """
        mă omoară
        vrea să mă omoare
        mă bate
        are în mână un cuțit
        stă la ușa mea
        nu pot să ies
        sunt încuiată în baie
        viața mea este în pericol
        vreau să mor
        trimiteți repede poliția
        ajutați-mă
    """,
    "sk": """
        pomôžte mi, pomoc prosím
        vyhráža sa, že ma chce zabiť
        bije ma
        má v ruke nôž
        stojí pred mojimi dverami
        nemôžem odísť
        som v nebezpečenstve
        chcem zomrieť
        pošlite rýchlo políciu
    """,
    "cs": """
        vyhrožuje, že mě chce zabít
        bije mě
        má nůž
        stojí za dveřmi, je u dveří
        nemůžu ven
        jsem v nebezpečí
        chci zemřít
        pošlete rychle policii
    """,
    "lt": """
        padėkite man
        jis mane nužudys
        grasina mane nužudyti
        jis turi peilį
        stovi prie durų
        negaliu iš čia išeiti
        esu pavojuje
        noriu mirti
        atsiųskite greitai policiją, kvieskite greitai
    """,
    "lv": """
        palīdziet man
        viņš mani nogalinās
        viņam ir rokā nazis
        stāv pie durvīm
        nevaru iziet
        esmu briesmās
        gribu mirt
        atsūtiet ātri policiju
    """,
    "pt": """
        socorro
        ele vai me matar
        tem uma faca
        está a bater-me
        não consigo sair
        estou em perigo
        quero morrer
        mandem já a polícia
    """,
    "ur": """
        meri madad karo
        wo mujhe maar dega
        mujhe jaan se maarne ki dhamki
        us ke haath mein chaku hai
        darwaze par koi khara hai
        meri jaan khatre mein hai
        khudkushi
        police bhejo
        وہ مجھے مار دے گا
        میری مدد کریں
        جان سے مارنے کی دھمکی
        اس کے پاس چاقو ہے
        دروازے پر کھڑا ہے
        وہ دروازہ توڑ رہا ہے
        میری جان خطرے میں ہے
        خودکشی
        پولیس جلدی بھیجیں
    """,
    "pa": """
        ਮੇਰੀ ਮਦਦ ਕਰੋ
        ਉਹ ਮੈਨੂੰ ਮਾਰ ਦੇਵੇਗਾ
        ਜਾਨੋਂ ਮਾਰਨ ਦੀ ਧਮਕੀ
        ਉਸ ਦੇ ਹੱਥ ਵਿੱਚ ਚਾਕੂ ਹੈ
        ਘਰ ਦੇ ਬਾਹਰ ਖੜ੍ਹਾ ਹੈ
        ਮੇਰੀ ਜਾਨ ਖ਼ਤਰੇ ਵਿੱਚ ਹੈ
        ਪੁਲਿਸ ਭੇਜੋ
    """,
    "ar": """
        ساعدوني
        سيقتلني
        يهددني بالقتل
        يضربني الآن
        معه سكين
        واقف أمام باب بيتي
        لا أستطيع الخروج
        حياتي في خطر
        أريد أن أموت
        أرسلوا الشرطة بسرعة
    """,
    "fa": """
        کمک کنید
        من را می‌کشد
        منو میکشه
        چاقو دارد
        پشت در ایستاده
        جانم در خطر است
        می‌خواهم بمیرم
        پلیس بفرستید
    """,
    "uk": """
        Рятуйте! Допоможіть мені
        він мене вб'є
        погрожує мене вбити
        у нього ніж
        стоїть під дверима
        не можу вийти
        я в небезпеці
        хочу померти
        пришліть швидко поліцію
    """,
    "ru": """
        помогите мне
        он меня убьёт
        угрожает убить меня
        у него нож
        стоит за дверью
        не могу выйти
        я в опасности
        хочу умереть
        пришлите скорее полицию
    """,
    "bn": """
        আমাকে বাঁচান
        মেরে ফেলবে
        আমাকে মারছে
        হাতে ছুরি
        দরজায় দাঁড়িয়ে আছে
        মরতে চাই
        পুলিশ পাঠান
    """,
}
CALM = {
    "pl": """
        Dziękuję za pomoc
        Ukradli mi rower, który stał przed domem
        Mój syn został zabity w maju
        Kiedy ktoś do mnie zadzwoni?
        Samochód jest za domem
        Włamali się do nas w nocy
        Miał nóż, kiedy zabrał mi telefon
    """,
    "ro": """
        Mulțumesc pentru ajutor
        Mi-au furat bicicleta de la ușă
        Când mă sună cineva?
        Fiul meu a fost omorât în mai
        Mașina este la poartă
        Hoțul avea un cuțit
    """,
    "sk": """
        Ďakujem za pomoc
        Ukradli mi bicykel, ktorý bol pred domom
        Kedy mi niekto zavolá?
        Môj syn bol zabitý v máji
        Auto je za domom
    """,
    "cs": """
        Děkuji za pomoc
        Ukradli mi kolo před domem
        Kdy mi někdo zavolá?
        Auto je za domem
    """,
    "lt": """
        Ačiū už pagalbą
        Pavogė mano dviratį, kuris buvo prie namo
        Kada man kas nors paskambins?
        Mano sūnus buvo nužudytas gegužę
    """,
    "lv": """
        Paldies par palīdzību
        Man nozaga velosipēdu pie mājas
        Kad man kāds piezvanīs?
    """,
    "pt": """
        Obrigado pela ajuda
        Roubaram a minha bicicleta em casa
        Quando é que alguém me liga?
        O meu filho foi morto em maio
        A bicicleta estava à porta
    """,
    "ur": """
        meri cycle chori ho gayi
        aap kab phone karenge
        madad ka shukriya
        میری سائیکل چوری ہو گئی
        آپ کی مدد کا شکریہ
        مجھے کب فون آئے گا
        کیمرا گھر کے باہر ہے
    """,
    "pa": """
        ਮੇਰਾ ਸਾਈਕਲ ਚੋਰੀ ਹੋ ਗਿਆ
        ਤੁਸੀਂ ਕਦੋਂ ਫ਼ੋਨ ਕਰੋਗੇ
        ਤੁਹਾਡਾ ਧੰਨਵਾਦ
    """,
    "ar": """
        شكرا على المساعدة
        سرقوا دراجتي من أمام البيت
        متى سيتصل بي أحد؟
        قتل ابني في مايو
    """,
    "fa": """
        دوچرخه من دزدیده شد
        ممنون از کمک شما
        کی به من زنگ می‌زنند
    """,
    "uk": """
        Дякую за допомогу
        У мене вкрали велосипед біля будинку
        Коли мені зателефонують?
        Мого сина вбили у травні
    """,
    "ru": """
        Спасибо за помощь
        Спасибо большое
        У меня украли велосипед около дома
        Когда мне позвонят?
        Моего сына убили в мае
        Машина стоит на улице
    """,
    "bn": """
        আমার সাইকেল চুরি হয়েছে
        আপনাকে ধন্যবাদ
        কখন ফোন করবেন
    """,
}


def rows(cases: dict[str, str]) -> list[tuple[str, str]]:
    return [(language, line.strip()) for language, text in cases.items() for line in text.strip().splitlines()]


@pytest.mark.parametrize(("language", "text"), rows(DANGER))
def test_words_of_danger_are_found_by_the_rows_of_their_language(language: str, text: str) -> None:
    own = [row for row in DANGER_RULES if row.language == language]
    assert in_danger([text], DAY, own)
    assert in_danger([f"Hello. {text}! Thank you"], DAY)
    assert in_danger([text.upper()], DAY, own)
    assert in_danger([unicodedata.normalize("NFD", text)], DAY, own)


@pytest.mark.parametrize(("language", "text"), [row for row in rows(DANGER) if row[0] in {"pl", "ro", "sk", "cs", "lt", "lv", "pt"}])
def test_nobody_types_accents_in_a_hurry(language: str, text: str) -> None:
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)).replace("ł", "l")
    assert in_danger([bare], DAY)


@pytest.mark.parametrize(("language", "text"), rows(CALM))
def test_words_of_every_day_are_not(language: str, text: str) -> None:
    assert not in_danger([text], DAY)


@pytest.mark.parametrize(
    ("said", "spelled"),
    [
        ("می‌کشد", "میکشد"),  # without the joiner that keyboards leave out
        ("کمک کنید", "كمك كنيد"),  # on an Arabic keyboard
        ("أرسلوا الشرطة", "ارسلوا الشرطه"),
        ("сейчас здесь", "СЕЙЧАС ЗДЕСЬ"),
        ("убьёт", "убьет"),
        ("вб’є", "вбє"),
        ("ਖ਼ਤਰੇ ਵਿੱਚ", "ਖਤਰੇ ਵਿਚ"),
        ("zabiję", "zabije"),
        ("włamuje się", "wlamuje sie"),
    ],
)
def test_one_word_has_many_spellings(said: str, spelled: str) -> None:
    assert in_danger([said], DAY)
    assert in_danger([spelled], DAY)


def test_every_language_has_sentences_of_both_kinds() -> None:
    assert set(DANGER) == set(CALM) == {row.language for row in DANGER_RULES} - {"en"}


def test_no_english_text_of_ours_is_danger_in_another_language() -> None:
    """A false alarm costs little, but not in every message."""
    others = [row for row in DANGER_RULES if row.language != "en"]
    root = Path(__file__).parents[3]
    texts = [part for file in sorted((root / "templates").rglob("*.txt")) for part in re.split(r"\n\s*\n", file.read_text("utf-8"))]
    texts += [part for file in sorted((root / "docs").rglob("*.md")) for part in re.split(r"\n\s*\n", file.read_text("utf-8"))]
    assert len(texts) > 300
    assert not [text for text in texts if in_danger([text], DAY, others)]
