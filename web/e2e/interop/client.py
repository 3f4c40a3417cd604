"""What the Python clients share: the command line, the HTTP part of WHIP and WHEP, JSON lines on standard output."""
import argparse
import json
import urllib.error
import urllib.parse
import urllib.request


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=["publish", "play"])
    parser.add_argument("url")
    parser.add_argument("token")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--size", default="320x240")
    return parser.parse_args()


def emit(event, **detail):
    print(json.dumps({"event": event, **detail}), flush=True)


def _request(url, token, method, body=None):
    headers = {"Authorization": "Bearer " + token}
    if body is not None:
        headers["Content-Type"] = "application/sdp"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method)) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read().decode()


class Session:
    """A WHIP or WHEP session: open, then close, however the client ends."""

    def __init__(self, options):
        self._endpoint, self._token, self._url = options.url, options.token, None

    def open(self, offer):
        """Posts the offer; the answer. Fails with what the server said when it is not 201."""
        emit("offer", sdp=offer)
        status, headers, body = _request(self._endpoint, self._token, "POST", offer.encode())
        emit("answer", status=status, location=headers.get("Location"), etag=headers.get("ETag"), sdp=body)
        if status != 201:
            raise RuntimeError(f"POST: {status} {body}")
        self._url = urllib.parse.urljoin(self._endpoint, headers["Location"])
        return body

    def close(self):
        if self._url:
            status, _, _ = _request(self._url, self._token, "DELETE")
            emit("deleted", status=status)
