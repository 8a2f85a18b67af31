"""QR codes as SVG that stands in a page: dark on white in every theme, so that cameras read it."""

import segno
from markupsafe import Markup


def qr(address: str, fills: bool = False) -> Markup:
    """The code of an address; one that `fills` what it stands in is as wide as that, for a screen seen from afar."""
    return Markup(segno.make_qr(address, error="m").svg_inline(scale=4, light="#fff", border=4, omitsize=fills))
