"""What the demo messenger says, in two languages: one from the left, one from the right."""

LANGUAGES = {"en": ("English", "ltr"), "ar": ("العربية", "rtl")}
WORDS = {
    "en": {
        "title": "Demo messenger",
        "about": "Robin and Alex are invented. Write on either side: both see it. Then report the other one.",
        "sees": "What {name} sees",
        "report": "Report abuse",
        "pick": "Choose messages",
        "picked": "Done choosing",
        "picking": "Tick what your report should show. Nothing leaves this chat before you send it.",
        "add": "Add to a report",
        "write": "Write as {name}",
        "send": "Send",
        "again": "Start again",
        "lost": "There is no connection just now.",
    },
    "ar": {
        "title": "تطبيق مراسلة تجريبي",
        "about": "روبن وأليكس شخصان من الخيال. اكتب في أي جهة فيرى كلاهما ما كتبت. ثم أبلغ عن الآخر.",
        "sees": "ما يراه {name}",
        "report": "الإبلاغ عن إساءة",
        "pick": "اختيار رسائل",
        "picked": "انتهى الاختيار",
        "picking": "ضع علامة على ما يجب أن يظهر في بلاغك. لا شيء يخرج من هذه المحادثة قبل أن ترسله.",
        "add": "إضافة إلى بلاغ",
        "write": "الكتابة باسم {name}",
        "send": "إرسال",
        "again": "البدء من جديد",
        "lost": "لا يوجد اتصال الآن.",
    },
}
