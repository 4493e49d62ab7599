"""A small XMPP server of one account, over BOSH (XEP-0124, XEP-0206): enough for a client to log in and to chat.

Its person is robin@chat.example; alex@chat.example is a contact who has just written.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from lxml import etree

from tests.widget.origins import Server

BIND = "http://jabber.org/protocol/httpbind"
CLIENT = "jabber:client"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
ROBIN, ALEX = "robin@chat.example", "alex@chat.example"
SAID = {"m-1": "Hi! You played really well yesterday.", "m-2": "This chat is our secret, ok?"}
OPENED = (
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>"
    "</stream:features>"
)
RESTARTED = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"
BOUND = f"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>{ROBIN}/web</jid></bind>"
ROSTER = f"<query xmlns='jabber:iq:roster'><item jid='{ALEX}' name='Alex' subscription='both'/></query>"
ABOUT = (
    "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/>"
    "<feature var='http://jabber.org/protocol/disco#info'/></query>"
)
NOTHING_THERE = "<query xmlns='http://jabber.org/protocol/disco#items'/>"
ANSWERS = {
    "{urn:ietf:params:xml:ns:xmpp-bind}bind": BOUND,
    "{jabber:iq:roster}query": ROSTER,
    "{http://jabber.org/protocol/disco#info}query": ABOUT,
    "{http://jabber.org/protocol/disco#items}query": NOTHING_THERE,
}
UNKNOWN = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
WAIT = 2
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass
class Session:
    """What waits to be fetched, and which request may fetch it: the newest."""

    outbox: list[str] = field(default_factory=list)
    turn: int = 0
    unread: list[tuple[str, str]] = field(default_factory=list)
    bell: threading.Condition = field(default_factory=threading.Condition)

    def receive(self, body: "etree._Element") -> str:
        """The answer to one request; it is held back while there is nothing to say."""
        with self.bell:
            self.outbox += [*_replies(body), *self._news(body)]
            self.turn += 1
            turn, last = self.turn, time.monotonic() + WAIT
            self.bell.notify_all()
            while not self.outbox and turn == self.turn and time.monotonic() < last:
                self.bell.wait(0.5)
            said, self.outbox[:] = "".join(self.outbox), []
        ending = " type='terminate'" if body.get("type") == "terminate" else ""
        facts = f"sid='only' wait='{WAIT}' requests='2' hold='1' inactivity='60' ver='1.6' from='chat.example'"
        return (
            f"<body xmlns='{BIND}' xmlns:stream='http://etherx.jabber.org/streams' xmlns:xmpp='urn:xmpp:xbosh' "
            f"xmpp:version='1.0' xmpp:restartlogic='true' {facts}{ending}>{said}</body>"
        )

    def _news(self, body: "etree._Element") -> Iterator[str]:
        """Alex, once robin is there; then a message with each answer."""
        if any(_is_first_presence(stanza) for stanza in body):
            self.unread = list(SAID.items())
            yield f"<presence xmlns='{CLIENT}' from='{ALEX}/phone' to='{ROBIN}/web'/>"
        elif self.unread:
            name, words = self.unread.pop(0)
            yield (
                f"<message xmlns='{CLIENT}' type='chat' id='{name}' from='{ALEX}/phone' to='{ROBIN}/web'>"
                f"<body>{words}</body></message>"
            )


@contextmanager
def chat_server() -> Iterator[str]:
    """Its address."""
    session = Session()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = etree.fromstring(self.rfile.read(int(self.headers["content-length"])), PARSER)
            self._answer(session.receive(body).encode())

        def do_OPTIONS(self) -> None:
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            for name in ("origin", "headers", "methods"):
                self.send_header(f"access-control-allow-{name}", "*")
            self.send_header("content-type", "text/xml; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Desk) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/http-bind"
        server.shutdown()


def _replies(body: "etree._Element") -> Iterator[str]:
    if body.get("{urn:xmpp:xbosh}restart"):
        yield RESTARTED
    elif body.get("sid") is None:
        yield OPENED
    for stanza in body:
        name = etree.QName(stanza).localname
        if name == "auth":
            yield f"<success xmlns='{SASL}'/>"
        elif name == "iq" and stanza.get("type") in ("get", "set"):
            yield _answer_to(stanza)


def _answer_to(iq: "etree._Element") -> str:
    known = ANSWERS.get(str(iq[0].tag)) if len(iq) and not (iq.get("to") or "").startswith(ALEX) else None
    sender = f" from='{iq.get('to')}'" if iq.get("to") else ""
    kind, inside = ("result", known) if known else ("error", UNKNOWN)
    return f"<iq xmlns='{CLIENT}' type='{kind}' id='{iq.get('id')}'{sender}>{inside}</iq>"


def _is_first_presence(stanza: "etree._Element") -> bool:
    return etree.QName(stanza).localname == "presence" and not stanza.get("to") and not stanza.get("type")
