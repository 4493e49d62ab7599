"""Why a case is where it is, in words."""

from dataclasses import dataclass

from core.vocabulary import RefusalReason, RoutingTrouble
from core.web.locale import Language
from triage.cases.routings import OpenedRouting
from triage.routing.decision import Ground
from triage.routing.document import OTHERWISE
from triage.routing.why import Why


@dataclass(frozen=True)
class Whereabouts:
    """In the reader's language. Rules have the names that whoever wrote them gave."""

    language: Language

    def rule(self, why: Why) -> str:
        """Which rule decided."""
        if why.version is None:
            return self.language.gettext("No rules were in force, so it is the hotline's.")
        facts = {"version": self.language.number(why.version), "line": self.language.number(why.line)}
        if not why.rule:
            return self.language.gettext("Version %(version)s of the rules could not be followed.") % facts
        if why.rule == OTHERWISE:
            said = self.language.gettext("No rule held, so the last line decided: version %(version)s, line %(line)s.")
            return said % facts
        said = self.language.gettext("The rule “%(rule)s” decided: version %(version)s, line %(line)s.")
        return said % {**facts, "rule": why.rule}

    def trouble(self, trouble: RoutingTrouble) -> str:
        """The alarm. Whoever runs the hotline can put it right."""
        return {
            RoutingTrouble.NO_RULES: self.language.gettext("No routing rules were in force when it came."),
            RoutingTrouble.UNREADABLE: self.language.gettext("The routing rules could not be read when it came."),
            RoutingTrouble.NO_SUCH_AGENCY: self.language.gettext(
                "A routing rule names an agency that cannot receive cases, so it was passed over."
            ),
            RoutingTrouble.FAILED: self.language.gettext("The routing rules failed when it came."),
        }[trouble]

    def ground(self, ground: Ground) -> str:
        """Why another agency is concerned."""
        return {
            Ground.COUNTRY: self.language.gettext("the reporter named this country"),
            Ground.HOSTING: self.language.gettext("it is hosted there"),
            Ground.RULE: self.language.gettext("the rules say so"),
        }[ground]

    def refused(self, routing: OpenedRouting) -> str:
        return dict(self.refusals)[routing.refusal] if routing.refusal else ""

    @property
    def refusals(self) -> list[tuple[RefusalReason, str]]:
        return [
            (RefusalReason.OTHER_COUNTRY, self.language.gettext("It belongs to another country")),
            (RefusalReason.OTHER_KIND, self.language.gettext("We do not take this kind of case")),
            (RefusalReason.LANGUAGE, self.language.gettext("Nobody here reads this language")),
            (RefusalReason.NO_CAPACITY, self.language.gettext("We have nobody free for it")),
            (RefusalReason.CONFLICT, self.language.gettext("Somebody concerned works here")),
        ]
