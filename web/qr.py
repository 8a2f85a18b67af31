"""QR codes as SVG that stands in a page: dark on white in every theme, so that cameras read it."""

import segno
from markupsafe import Markup


def qr(address: str, scale: int = 4) -> Markup:
    """The code of an address; for a screen that is seen from afar, larger."""
    return Markup(segno.make_qr(address, error="m").svg_inline(scale=scale, light="#fff", border=4))
