"""QR codes as SVG that stands in a page: dark on white in every theme, so that cameras read it."""

import segno
from markupsafe import Markup


def qr(address: str) -> Markup:
    """The code of an address."""
    return Markup(segno.make_qr(address, error="m").svg_inline(scale=4, light="#fff", border=4))
