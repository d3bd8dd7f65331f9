"""The web server in front of the shop (nginx 1.22 as installed): what it refuses by itself, in HTML."""

from __future__ import annotations

from simulators.http import Request, Response

REQUEST_LINE_MAX = 8192
HEADERS_MAX = 4096


def page(status: int, title: str) -> Response:
    text = (
        f"<html>\r\n<head><title>{status} {title}</title></head>\r\n"
        f"<body>\r\n<center><h1>{status} {title}</h1></center>\r\n"
        "<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
    )
    return Response(status=status, headers=(("Content-Type", "text/html"),), body=text.encode())


def refusal(request: Request) -> Response | None:
    """414 for an address that is too long (`errors[57]`), 405 for TRACE (`errors[46]`); None when the shop is asked."""
    address = len(request.method) + len(request.path) + len(request.query) + len("  ? HTTP/1.1\r\n")
    if address > REQUEST_LINE_MAX:
        return page(414, "Request-URI Too Large")
    if request.method in {"TRACE", "CONNECT"}:
        return page(405, "Not Allowed")
    return None


def passed_on(response: Response) -> Response:
    """The shop's answer, or 502 when its headers outgrow the server's 4 KB buffer (`products_batch[21]`)."""
    size = sum(len(name) + len(value) + 4 for name, value in response.headers)
    return page(502, "Bad Gateway") if size > HEADERS_MAX else response
