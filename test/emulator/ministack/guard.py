"""
Who may speak to the emulator: programs of the user who started it, on this machine. It runs the code that it is sent, and
MiniStack tells browsers that every web page may send some; so what a page sends (browsers add Origin) and what came by
another name of this machine than its own (a name that an attacker points here) is refused. So is what comes without the token,
which every client of AWS sends as that of its session.
"""

import hmac
from urllib.parse import parse_qs

_OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")
_TOKEN = "x-amz-security-token"
#: What no client of AWS calls: whether the emulator is there, and the answers of custom resources, each to a random name.
_HEALTH = ("GET", "/_localstack/health")
_ANSWERS = ("PUT", "/_ministack/cfn-response")


def is_local(headers: list[tuple[bytes, bytes]]) -> bool:
    names = [name.lower() for name, _ in headers]
    hosts = [value.decode("latin-1").strip() for name, value in headers if name.lower() == b"host"]
    return b"origin" not in names and len(hosts) == 1 and _without_port(hosts[0]) in _OWN_NAMES


def has_token(scope, token: str) -> bool:
    """Of a signed request in its header, of a signed address in its query."""
    given = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == _TOKEN.encode()]
    for name, values in parse_qs(scope.get("query_string", b"").decode("latin-1")).items():
        given += values if name.lower() == _TOKEN else []
    return len(given) == 1 and hmac.compare_digest(given[0].encode(), token.encode())


def is_open(scope) -> bool:
    method, path = scope["method"], scope["path"]
    folder, _, name = path.rpartition("/")
    return (method, path) == _HEALTH or ((method, folder) == _ANSWERS and name != "")


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def guarded(app, token: str):
    """The application behind the check; anything but HTTP, as its start and its end, passes."""
    if not token:
        raise ValueError("the emulator needs a token in AWS_SESSION_TOKEN")

    async def checked(scope, receive, send):
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] != "http":
            await app(scope, receive, send)
        elif not is_local(scope["headers"]):
            await _refuse(
                send, "The emulator answers programs on this machine alone: call 127.0.0.1, from no web page."
            )
        elif not (is_open(scope) or has_token(scope, token)):
            await _refuse(
                send, "Only who started the emulator may use it: AWS_SESSION_TOKEN is in .cache/emulator/token."
            )
        else:
            await app(scope, receive, send)

    return checked


async def _refuse(send, text: str) -> None:
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode() + b"\n"})
