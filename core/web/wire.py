"""What is no HTTP never reaches an application; it is answered here, in one form for everybody (RFC 9457)."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

BODY = b'{"type":"urn:openhotline:problem:http","title":"This is no whole HTTP request","status":400}'
ANSWER = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\nx-content-type-options: nosniff\r\n"
    b"cache-control: no-store\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b" % (len(BODY), BODY)
)


class Wire(HttpToolsProtocol):
    """A connection, read by httptools."""

    def send_400_response(self, msg: str) -> None:
        """Say so and hang up; `msg` is the server's own way to say it."""
        self.transport.write(ANSWER)
        self.transport.close()
