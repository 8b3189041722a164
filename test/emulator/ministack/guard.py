"""
Who may speak to the emulator: programs on this machine. It runs the code that it is sent, and MiniStack tells browsers
that every web page may send some; so what a page sends (browsers add Origin) and what came by another name of this
machine than its own (a name that an attacker points here) is refused.
"""

_OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")


def is_allowed(headers: list[tuple[bytes, bytes]]) -> bool:
    names = [name.lower() for name, _ in headers]
    hosts = [value.decode("latin-1").strip() for name, value in headers if name.lower() == b"host"]
    return b"origin" not in names and len(hosts) == 1 and _without_port(hosts[0]) in _OWN_NAMES


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def guarded(app):
    """The application behind the check; anything but HTTP, as its start and its end, passes."""

    async def checked(scope, receive, send):
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http" and not is_allowed(scope["headers"]):
            headers = [(b"content-type", b"text/plain")]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            text = b"The emulator answers programs on this machine alone: call it as 127.0.0.1, from no web page.\n"
            await send({"type": "http.response.body", "body": text})
        else:
            await app(scope, receive, send)

    return checked
