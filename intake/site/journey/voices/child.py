"""The questions as a child is asked them: short sentences, no legal words, nothing that sounds like blame."""

from core.vocabulary import About, Age, Danger, Kept, Kind
from core.web.locale import Language
from intake.site.journey.questions import Countries, Line, Lines, Question, Questions, Radios, Ticks


def questions(language: Language) -> Questions:
    """Every page that asks something, by name."""
    return {
        "danger": _danger(language),
        "country": Question(
            language.gettext("Where are you reporting from?"),
            language.gettext("So we can find the right people for your country."),
            [Countries()],
        ),
        "about": _about(language),
        "age": _age(language),
        "kind": _kind(language),
        "what": Question(
            language.gettext("What happened?"),
            language.gettext(
                "Use your own words. Who, where and when help us, if you know. It does not have to be perfect."
            ),
            [Lines("what")],
        ),
        "risk": _risk(language),
        "where": _where(language),
        "suspect": Question(
            language.gettext("What do you know about the person?"),
            language.gettext("How old they seem, how they talk, where they live. You do not need to find out more."),
            [Lines("suspect", rows=5)],
        ),
        "kept": _kept(language),
        "contact": _contact(language),
    }


def _danger(language: Language) -> Question:
    choices = [
        (Danger.YES, language.gettext("Yes")),
        (Danger.UNSURE, language.gettext("I am not sure")),
        (Danger.NO, language.gettext("No")),
    ]
    hint = language.gettext("If yes: first call the emergency number where you are, if you can.")
    return Question(language.gettext("Is someone in danger right now?"), hint, [Radios("danger", choices)])


def _about(language: Language) -> Question:
    choices = [
        (About.ME, language.gettext("About me. I am a child or a young person.")),
        (About.MY_CHILD, language.gettext("About my child")),
        (About.A_CHILD, language.gettext("About another child")),
        (About.SEEN, language.gettext("About something I saw")),
        (About.WORK, language.gettext("About a child I work with")),
    ]
    hint = language.gettext("Then we ask you only what fits.")
    return Question(language.gettext("Who is this about?"), hint, [Radios("about", choices)])


def _age(language: Language) -> Question:
    choices = [
        (Age.UNDER_13, language.gettext("Under 13")),
        (Age.FROM_13_TO_15, language.gettext("13 to 15")),
        (Age.FROM_16_TO_17, language.gettext("16 or 17")),
        (Age.ADULT, language.gettext("18 or older")),
    ]
    hint = language.gettext("You are not in trouble, however old you are.")
    return Question(language.gettext("How old are you?"), hint, [Radios("age", choices)])


def _kind(language: Language) -> Question:
    choices = [
        (Kind.CONTACT, language.gettext("Somebody writes to me or asks me for things")),
        (Kind.PICTURES, language.gettext("There are pictures or videos of me")),
        (Kind.PAGE, language.gettext("I saw a page, a group or a post")),
        (Kind.NEARBY, language.gettext("It does not only happen online")),
        (Kind.UNSURE, language.gettext("I am not sure")),
    ]
    hint = language.gettext("Pick what fits best.")
    return Question(language.gettext("What is it?"), hint, [Radios("kind", choices)])


def _risk(language: Language) -> Question:
    choices = [
        ("meet", language.gettext("The person wants to meet me, or we have met")),
        ("threat", language.gettext("The person threatens me or wants money")),
        ("shared", language.gettext("Pictures or videos of me were shown to others")),
        ("known", language.gettext("I know the person in real life")),
    ]
    hint = language.gettext("Tick all that fit. None of it is your fault.")
    return Question(language.gettext("Is any of this true?"), hint, [Ticks(choices)])


def _where(language: Language) -> Question:
    link = Line(
        "link",
        language.gettext("A link, an app or a game"),
        language.gettext("For example: example.com/page. You do not need to open it again."),
        dir="ltr",
    )
    account = Line("account", language.gettext("The name or number the person uses there"))
    hint = language.gettext("Paste or type anything you have.")
    return Question(language.gettext("Where did it happen?"), hint, [link, account])


def _kept(language: Language) -> Question:
    choices = [
        (Kept.YES, language.gettext("Yes")),
        (Kept.SOME, language.gettext("Some of them")),
        (Kept.NO, language.gettext("No")),
    ]
    hint = language.gettext("Please never send us pictures or videos. Words are enough.")
    return Question(language.gettext("Do you still have the messages?"), hint, [Radios("kept", choices)])


def _contact(language: Language) -> Question:
    email = Line("email", language.gettext("Email address"), type="email", dir="ltr", autocomplete="email")
    phone = Line("phone", language.gettext("Phone number"), type="tel", dir="ltr", autocomplete="tel")
    safe = Line(
        "safe",
        language.gettext("When is it safe to write or call?"),
        language.gettext("Who else can see your phone or your messages?"),
    )
    hint = language.gettext("You do not need this. At the end you get a code. With it you can read our answer here.")
    return Question(language.gettext("How can we reach you?"), hint, [email, phone, safe])
