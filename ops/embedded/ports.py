"""Ports for our own servers, taken where outgoing connections never are."""

import errno
import random
import socket

FIRST, BEYOND = 20_000, 32_000  # below Linux's ephemeral range: still free when a killed server comes back


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    candidates = random.sample(range(FIRST, BEYOND), 200)
    return next(port for port in candidates if is_free("127.0.0.1", port))


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there. Raises OSError for an address that is not this machine's."""
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen()
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True
