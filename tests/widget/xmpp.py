"""A chat server: Prosody on the loopback, with two people of whom one has written to the other.

Robin logs in over BOSH (XEP-0124, XEP-0206), as web clients do; Alex has written over a plain stream (RFC 6120).
"""

import base64
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.settings import Settings
from ops.embedded.ports import free_port
from tests.widget.prosody import find

HOST = "chat.example"
ROBIN, ALEX = f"robin@{HOST}", f"alex@{HOST}"
PASSWORD = "anything"  # of invented people
SAID = {"m-1": "Hi! You played really well yesterday.", "m-2": "This chat is our secret, ok?"}
PROMPT = 20  # seconds
FRIENDS = f"[Friends]\n{ROBIN}=Robin\n{ALEX}=Alex\n"
STREAM = (
    f"<?xml version='1.0'?><stream:stream to='{HOST}' version='1.0' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>"
)
BIND = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
SETTINGS = """
data_path = "{folder}"
pidfile = "{folder}/prosody.pid"
run_as_root = true
interfaces = {{ "127.0.0.1" }}
local_interfaces = {{ "127.0.0.1" }}
http_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {stream} }}
http_ports = {{ {web} }}
https_ports = {{ }}
s2s_ports = {{ }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
consider_bosh_secure = true
authentication = "internal_plain"
modules_enabled = {{ "roster", "saslauth", "disco", "offline", "groups", "bosh", "presence", "message", "iq", "mam" }}
modules_disabled = {{ "s2s", "tls" }}
groups_file = "{folder}/friends"
log = {{ {{ levels = {{ min = "error" }}, to = "console" }} }}
certificates = "{folder}"
http_host = "127.0.0.1"
VirtualHost "{host}"
"""


@contextmanager
def chat_server(folder: Path, settings: Settings) -> Iterator[str]:
    """The address that web clients connect to."""
    program, stream, web = find(settings), free_port(), free_port()
    accounts = folder / HOST.replace(".", "%2e") / "accounts"
    accounts.mkdir(parents=True)
    for name in ("robin", "alex"):
        (accounts / f"{name}.dat").write_text(f'return {{ password = "{PASSWORD}" }};\n')
    (folder / "friends").write_text(FRIENDS)
    written = folder / "prosody.cfg.lua"
    written.write_text(SETTINGS.format(folder=folder, stream=stream, web=web, host=HOST))
    command, environ = [*program.command, "--config", str(written), "-F"], os.environ | program.environ
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL) as server:
        try:
            _write_as_alex(stream, server)
            yield f"http://127.0.0.1:{web}/http-bind"
        finally:
            server.terminate()


def _write_as_alex(port: int, server: subprocess.Popen[bytes]) -> None:
    """What lies there when Robin comes."""
    secret = base64.b64encode(f"\0alex\0{PASSWORD}".encode()).decode()
    with _connected(port, server) as line:
        _ask(line, STREAM, "</stream:features>")
        _ask(line, f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>", "<success")
        _ask(line, STREAM, "</stream:features>")
        _ask(line, BIND, "</iq>")
        for name, words in SAID.items():
            line.sendall(f"<message type='chat' id='{name}' to='{ROBIN}'><body>{words}</body></message>".encode())
        _ask(line, "<iq type='get' id='last' to='chat.example'><ping xmlns='urn:xmpp:ping'/></iq>", "id='last'")


def _connected(port: int, server: subprocess.Popen[bytes]) -> socket.socket:
    last = time.monotonic() + PROMPT
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), PROMPT)
        except ConnectionRefusedError:
            assert server.poll() is None and time.monotonic() < last, "the chat server does not start"
            time.sleep(0.05)


def _ask(line: socket.socket, words: str, until: str) -> None:
    line.sendall(words.encode())
    said = ""
    while until not in said:
        piece = line.recv(65536).decode()
        assert piece, f"the chat server hung up: {said}"
        said += piece
