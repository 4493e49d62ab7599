"""Invented, gentle reports in eight languages with known truth: which of them are of the same thing.

A story is made of sentences with places for names, games and times, and of what nobody else tells. Several people tell
it: with typing errors, sentences in another order, sentences added, a link with what trackers add. A translation is
another story, and so is one that has the same sentences about somebody else.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

STORIES: dict[str, tuple[str, ...]] = {
    "en": (
        "On {day} an adult in the game {game} started writing to my {who} after school.",
        "At first they only talked about {thing}, and then the questions became strange.",
        "He said his name was {name} and that he lives close to the {place}.",
        "He asked for photos and promised {gift} in return.",
        "Nobody in the family was to know about it, he wrote that again and again.",
        "When there was no answer he became angry and threatened to tell everybody at the {place}.",
        "We noticed it because the phone lit up late at night with a message about {thing}.",
        "The account called {name} has been blocked now, but another one appeared on {day}.",
    ),
    "es": (
        "El {day} un adulto empezó a escribir a mi {who} dentro del juego {game}.",
        "Primero hablaban solo de {thing}, pero después las preguntas fueron cada vez más raras.",
        "Decía que se llamaba {name} y que vivía cerca de la {place}.",
        "Pidió fotos y a cambio prometió {gift}.",
        "Insistía en que nadie de la familia podía enterarse de lo que hablaban.",
        "Como no le contestaban, amenazó con contarlo todo en la {place}.",
        "Nos dimos cuenta porque de madrugada llegó un mensaje sobre {thing}.",
        "Bloqueamos la cuenta de {name}, aunque el {day} apareció otra distinta.",
    ),
    "de": (
        "Am {day} hat ein Erwachsener angefangen, im Spiel {game} mit meinem {who} zu schreiben.",
        "Zuerst ging es nur um {thing}, dann wurden die Fragen immer seltsamer.",
        "Er nannte sich {name} und behauptete, in der Nähe der {place} zu wohnen.",
        "Er wollte Fotos haben und versprach dafür {gift}.",
        "Niemand in der Familie sollte davon erfahren, das schrieb er jeden Abend.",
        "Als keine Antwort kam, drohte er, alles an der {place} herumzuerzählen.",
        "Aufgefallen ist es uns, weil nachts eine Nachricht über {thing} ankam.",
        "Das Konto von {name} ist jetzt gesperrt, aber am {day} kam ein neues.",
    ),
    "pl": (
        "W {day} jakiś dorosły zaczął pisać do mojego {who} w grze {game}.",
        "Najpierw rozmawiali tylko o {thing}, potem pytania stawały się coraz dziwniejsze.",
        "Przedstawił się jako {name} i mówił, że mieszka niedaleko {place}.",
        "Prosił o zdjęcia i obiecywał w zamian {gift}.",
        "Powtarzał, że nikt z rodziny nie może się o tym dowiedzieć.",
        "Kiedy nie dostał odpowiedzi, groził, że opowie o wszystkim w okolicy {place}.",
        "Zauważyliśmy to, bo w nocy przyszła wiadomość o {thing}.",
        "Konto {name} zostało zablokowane, ale w {day} pojawiło się następne.",
    ),
    "uk": (
        "У {day} якийсь дорослий почав писати моєму {who} у грі {game}.",
        "Спочатку вони говорили тільки про {thing}, а потім запитання стали дивними.",
        "Він назвався {name} і казав, що живе неподалік від {place}.",
        "Він просив фотографії й обіцяв за це {gift}.",
        "Щоразу повторював, що ніхто з родини не повинен про це знати.",
        "Коли йому не відповіли, він погрожував розказати все біля {place}.",
        "Ми помітили це, бо вночі прийшло повідомлення про {thing}.",
        "Обліковий запис {name} уже заблоковано, але у {day} з'явився інший.",
    ),
    "ar": (
        "في يوم {day} بدأ شخص بالغ يكتب إلى {who} داخل لعبة {game}.",
        "في البداية كان الحديث عن {thing} فقط ثم صارت الأسئلة غريبة.",
        "قال إن اسمه {name} وإنه يسكن قريبا من {place}.",
        "طلب صورا ووعد في المقابل بأن يعطيه {gift}.",
        "كرر كثيرا أن أحدا من العائلة لا يجب أن يعرف بالأمر.",
        "عندما لم يصله رد غضب وهدد بأن يخبر الجميع عند {place}.",
        "انتبهنا لأن رسالة عن {thing} وصلت في منتصف الليل.",
        "حظرنا حساب {name} لكن حسابا آخر ظهر يوم {day}.",
    ),
    "hi": (
        "{day} को एक वयस्क ने {game} खेल में मेरे {who} को संदेश भेजना शुरू किया।",
        "पहले वे केवल {thing} के बारे में बात करते थे, फिर सवाल अजीब होने लगे।",
        "उसने अपना नाम {name} बताया और कहा कि वह {place} के पास रहता है।",
        "उसने तस्वीरें माँगीं और बदले में {gift} देने का वादा किया।",
        "वह बार-बार लिखता था कि परिवार में किसी को इसका पता नहीं चलना चाहिए।",
        "जवाब न मिलने पर उसने धमकी दी कि {place} में सबको बता देगा।",
        "हमें तब पता चला जब रात को {thing} के बारे में एक संदेश आया।",
        "{name} का खाता अब बंद है, लेकिन {day} को दूसरा खाता आ गया।",
    ),
    "zh-Hans": (
        "{day}有一个成年人在游戏{game}里开始给我的{who}发消息。",
        "一开始他们只谈论{thing}，后来问题变得越来越奇怪。",
        "他说自己叫{name}，住在{place}附近。",
        "他要求发照片，并答应送{gift}作为交换。",
        "他反复强调家里任何人都不能知道这件事。",
        "没有收到回复以后，他威胁要在{place}告诉所有人。",
        "我们发现这件事是因为半夜手机收到一条关于{thing}的消息。",
        "{name}的账号已经被屏蔽，可是{day}又出现了另一个账号。",
    ),
}
WORDS: dict[str, dict[str, Sequence[str]]] = {
    "en": {
        "day": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        "who": ["little brother", "daughter", "son", "cousin", "younger sister", "nephew", "neighbour's boy"],
        "thing": ["skateboards", "football cards", "drawing", "a new level", "music", "horses", "homework", "puzzles"],
        "place": ["library", "swimming pool", "bus station", "music school", "market", "sports hall"],
        "gift": ["a headset", "coins for the game", "a bicycle", "concert tickets", "a rare sword"],
    },
    "es": {
        "day": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
        "who": ["hermano pequeño", "hija", "hijo", "prima", "sobrino", "vecino"],
        "thing": ["patinetes", "cromos de fútbol", "dibujos", "un nivel nuevo", "música", "caballos", "deberes"],
        "place": ["biblioteca", "piscina", "estación", "escuela de música", "plaza", "cancha"],
        "gift": ["unos auriculares", "monedas del juego", "una bicicleta", "entradas", "una espada rara"],
    },
    "de": {
        "day": ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
        "who": ["kleinen Bruder", "Sohn", "Cousin", "Neffen", "Nachbarsjungen", "Patenkind"],
        "thing": ["Skateboards", "Fußballbilder", "Zeichnungen", "ein neues Level", "Musik", "Pferde", "Hausaufgaben"],
        "place": ["Bücherei", "Schwimmhalle", "Bushaltestelle", "Musikschule", "Markthalle", "Sporthalle"],
        "gift": ["ein Headset", "Münzen für das Spiel", "ein Fahrrad", "Konzertkarten", "ein seltenes Schwert"],
    },
    "pl": {
        "day": ["poniedziałek", "wtorek", "środę", "czwartek", "piątek", "sobotę", "niedzielę"],
        "who": ["brata", "syna", "kuzyna", "siostrzeńca", "sąsiada", "chrześniaka"],
        "thing": [
            "deskorolkach",
            "kartach piłkarskich",
            "rysowaniu",
            "nowym poziomie",
            "muzyce",
            "koniach",
            "lekcjach",
        ],
        "place": ["biblioteki", "basenu", "dworca", "szkoły muzycznej", "targu", "hali sportowej"],
        "gift": ["słuchawki", "monety do gry", "rower", "bilety na koncert", "rzadki miecz"],
    },
    "uk": {
        "day": ["понеділок", "вівторок", "середу", "четвер", "п'ятницю", "суботу", "неділю"],
        "who": ["братові", "синові", "племіннику", "сусідові", "хрещенику"],
        "thing": ["скейтборди", "футбольні картки", "малюнки", "новий рівень", "музику", "коней", "уроки"],
        "place": ["бібліотеки", "басейну", "вокзалу", "музичної школи", "ринку", "спортзалу"],
        "gift": ["навушники", "монети для гри", "велосипед", "квитки на концерт", "рідкісний меч"],
    },
    "ar": {
        "day": ["الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
        "who": ["أخي الصغير", "ابنتي", "ابني", "ابن عمي", "ابن الجيران"],
        "thing": ["ألواح التزلج", "بطاقات كرة القدم", "الرسم", "مرحلة جديدة", "الموسيقى", "الخيول", "الواجبات"],
        "place": ["المكتبة", "المسبح", "محطة الحافلات", "مدرسة الموسيقى", "السوق", "الملعب"],
        "gift": ["سماعة", "عملات للعبة", "دراجة", "تذاكر حفل", "سيفا نادرا"],
    },
    "hi": {
        "day": ["सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार", "रविवार"],
        "who": ["छोटे भाई", "बेटे", "भतीजे", "पड़ोसी के लड़के", "चचेरे भाई"],
        "thing": ["स्केटबोर्ड", "फुटबॉल कार्ड", "चित्रकारी", "नए स्तर", "संगीत", "घोड़ों", "होमवर्क"],
        "place": ["पुस्तकालय", "तरणताल", "बस अड्डे", "संगीत विद्यालय", "बाज़ार", "खेल भवन"],
        "gift": ["हेडसेट", "खेल के सिक्के", "साइकिल", "संगीत के टिकट", "दुर्लभ तलवार"],
    },
    "zh-Hans": {
        "day": ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期天"],
        "who": ["弟弟", "女儿", "儿子", "表妹", "侄子", "邻居的孩子"],
        "thing": ["滑板", "足球卡片", "画画", "新关卡", "音乐", "马", "作业", "拼图"],
        "place": ["图书馆", "游泳馆", "公交车站", "音乐学校", "市场", "体育馆"],
        "gift": ["耳机", "游戏币", "自行车", "演唱会门票", "稀有的剑"],
    },
}
LETTERS = {"ar": "ابتثجحخدرزسشصطعفقكلمنهوي", "hi": "कखगचजटडतदनपबमयरलवसह", "uk": "абвгдежзиклмнопрстуфхц", "zh-Hans": ""}
HAN = range(0x4E00, 0x5600)
SYLLABLES = ("ba", "ne", "ri", "to", "lu", "ka", "mi", "so", "ve", "dra", "fin", "gol", "pen", "sha", "tul", "zor")
TRACKING = ("utm_source=chat", "utm_campaign=share", "fbclid=abc123", "igsh=xyz")
ADDED = {
    "en": "Please call me back as soon as somebody has looked at this.",
    "es": "Por favor, avisen en cuanto alguien lo haya mirado.",
    "de": "Bitte melden Sie sich, sobald jemand das angesehen hat.",
    "pl": "Proszę o wiadomość, gdy tylko ktoś się temu przyjrzy.",
    "uk": "Будь ласка, напишіть, щойно хтось це подивиться.",
    "ar": "من فضلكم أخبروني عندما ينظر أحد في الأمر.",
    "hi": "कृपया जैसे ही कोई इसे देखे मुझे बताइए।",
    "zh-Hans": "请在有人看过以后告诉我。",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One report of the corpus; those of one `story` are of the same thing."""

    story: int
    language: str
    what: str
    link: str


def corpus(seed: int, stories: int, tellers: int = 4) -> list[Said]:
    """About `stories * tellers / 2` reports, shuffled; the same for the same numbers."""
    chance = random.Random(seed)
    told = [said for story in range(stories) for said in _told(chance, story, tellers)]
    chance.shuffle(told)
    return told


def pairs(groups: Sequence[object]) -> set[tuple[int, int]]:
    """Which of them are together, as pairs of places."""
    by_group: dict[object, list[int]] = {}
    for place, group in enumerate(groups):
        by_group.setdefault(group, []).append(place)
    return {(a, b) for places in by_group.values() for i, a in enumerate(places) for b in places[i + 1 :]}


def _told(chance: random.Random, story: int, tellers: int) -> Iterator[Said]:
    """By its words, by its link, or by both; every third story by one person only."""
    language = chance.choice(sorted(STORIES))
    sentences = _sentences(chance, language)
    linked = chance.random() < 0.5
    link = f"https://{_name(chance)}.example/{_name(chance)}/{chance.randrange(10**6)}" if linked else ""
    for teller in range(1 if story % 3 == 0 else chance.randint(2, tellers)):
        own_words = linked and chance.random() < 0.3
        said = _sentences(chance, language) if own_words else _varied(chance, language, sentences, teller)
        yield Said(story, language, " ".join(said), _shared(chance, link) if link else "")


def _sentences(chance: random.Random, language: str) -> list[str]:
    words = {name: chance.choice(choices) for name, choices in WORDS[language].items()}
    chosen = sorted(chance.sample(range(8), chance.randint(4, 6)))
    words |= {"name": _name(chance), "game": _name(chance).title()}
    told = [STORIES[language][n].format(**words) for n in chosen]
    for _ in range(2):  # what nobody else tells
        told.insert(chance.randrange(len(told)), _of_its_own(chance, language))
    return told


def _of_its_own(chance: random.Random, language: str) -> str:
    """A sentence of eight invented words in the script of the language."""
    if language == "zh-Hans":
        return "".join(chr(chance.choice(HAN)) for _ in range(16)) + "。"
    letters = LETTERS.get(language, "abdefgiklmnoprstuvz")
    return " ".join("".join(chance.choices(letters, k=chance.randint(3, 8))) for _ in range(8)) + "."


def _name(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(3))


def _varied(chance: random.Random, language: str, sentences: Sequence[str], teller: int) -> list[str]:
    """The first tells it as it is; others change one or two things."""
    said = list(sentences)
    for change in chance.sample(
        (_misspelt, _reordered, _added, _as_it_is, _shouted), chance.randint(1, 2) if teller else 0
    ):
        said = change(chance, language, said)
    return said


def _misspelt(chance: random.Random, _: str, said: list[str]) -> list[str]:
    """Two letters wrong."""
    for _error in range(2):
        at = chance.randrange(len(said))
        place = chance.randrange(1, len(said[at]) - 1)
        said[at] = said[at][:place] + said[at][place - 1] + said[at][place + 1 :]
    return said


def _reordered(chance: random.Random, _: str, said: list[str]) -> list[str]:
    return chance.sample(said, len(said))


def _added(chance: random.Random, language: str, said: list[str]) -> list[str]:
    return [*said, ADDED[language]] if chance.random() < 0.5 else [ADDED[language], *said]


def _as_it_is(_: random.Random, __: str, said: list[str]) -> list[str]:
    return said


def _shouted(_: random.Random, __: str, said: list[str]) -> list[str]:
    return [sentence.upper().replace(".", "!!") for sentence in said]


def _shared(chance: random.Random, link: str) -> str:
    scheme = chance.choice(("https://", "http://", "https://www."))
    tracked = chance.choice(("", "", f"?{chance.choice(TRACKING)}"))
    return link.replace("https://", scheme) + tracked
