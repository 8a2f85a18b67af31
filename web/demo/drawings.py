"""Drawings of the demo's pictures and videos: each shows something at a place of its course, 0 to 1.

They say nothing but letters and digits: no font of Chinese is at hand on every machine.
"""

from collections.abc import Callable
from math import cos, pi, sin
from typing import Final

from PIL import Image, ImageDraw, ImageFont

WIDE, HIGH = 960, 540
PAPER, INK, SEAL, INDIGO, BAMBOO, AMBER, LINE = (
    "#fcfbf8",
    "#1d2733",
    "#b93a26",
    "#2a4d8f",
    "#27704a",
    "#c98a1b",
    "#b9b2a0",
)
Point = tuple[float, float]


def drawing(name: str, place: float) -> Image.Image:
    """The drawing of this name at a place, 960 by 540 pixels."""
    shown = Image.new("RGB", (WIDE, HIGH), PAPER)
    DRAWINGS[name](ImageDraw.Draw(shown), place)
    return shown


def _triangle(draw: ImageDraw.ImageDraw, place: float) -> None:
    """The angles of a triangle come together on a line, where they fill half a turn."""
    corners = [(200.0, 400.0), (760.0, 400.0), (420.0, 110.0)]
    draw.polygon(corners, outline=INK, width=4)
    # Where each angle begins and how wide it is, in degrees; on the line they stand beside each other.
    angles = [(307.2, 52.8, SEAL), (180.0, 40.5, INDIGO), (40.5, 86.7, BAMBOO)]
    there, gone = 180.0, min(1.0, max(0.0, place * 1.4 - 0.2))
    for (x, y), (begin, wide, colour) in zip(corners, angles, strict=True):
        at = x + (480 - x) * gone, y + (470 - y) * gone
        turned = begin + ((there - begin + 180) % 360 - 180) * gone
        draw.pieslice((at[0] - 90, at[1] - 90, at[0] + 90, at[1] + 90), turned, turned + wide, colour, PAPER, 2)
        there += wide
    draw.line((300, 472, 660, 472), INK, 3)
    if gone == 1:
        draw.text((690, 446), "180°", SEAL, _font(44))


def _oxygen(draw: ImageDraw.ImageDraw, place: float) -> None:
    """A tube is heated, and gas drives the water from a bottle."""
    draw.line((90, 190, 330, 150), LINE, 44)
    draw.line((96, 189, 190, 173), "#5a3b6e", 26)
    for number in range(3):
        flame = 20 * sin(40 * place + number)
        draw.polygon([(110 + 22 * number, 330), (150 + 22 * number, 330), (130 + 22 * number, 230 + flame)], AMBER)
    draw.rectangle((105, 332, 215, 430), INDIGO)
    draw.line((330, 150, 430, 150, 430, 470, 690, 470, 690, 440), INK, 8, "curve")
    draw.rectangle((540, 300, 900, 500), "#cfe0ee")
    level = 150 + 250 * place
    draw.rectangle((640, 130, 760, 450), "#eef3f6", INK, 4)
    draw.rectangle((644, level, 756, 448), "#a9c6de")
    for number in range(9):
        y = 445 - (300 * place * 3 + 50 * number) % 320
        if y > level:
            x = 690 + 30 * sin(number * 2 + place * 20)
            draw.ellipse((x - 7, y - 7, x + 7, y + 7), PAPER, INDIGO)
    draw.text((540, 40), "2KMnO4 = K2MnO4 + MnO2 + O2", INK, _font(24))


def _moon(draw: ImageDraw.ImageDraw, place: float) -> None:
    """The moon goes around the earth; at the right, how it is seen."""
    draw.rectangle((0, 0, WIDE, HIGH), "#131a24")
    for number in range(5):
        draw.line((20, 90 + 90 * number, 90, 90 + 90 * number), AMBER, 6)
    draw.ellipse((150, 90, 510, 450), outline="#46525f", width=2)
    draw.ellipse((295, 235, 365, 305), "#3f6fb0")
    turn = 2 * pi * place
    x, y = 330 - 180 * cos(turn), 270 + 180 * sin(turn)
    draw.ellipse((x - 24, y - 24, x + 24, y + 24), "#3a3a3a")
    draw.pieslice((x - 24, y - 24, x + 24, y + 24), 90, 270, "#f3ead2")
    draw.ellipse((620, 150, 860, 390), "#2a2a2a")
    for row in range(-120, 121):
        half = (120**2 - row**2) ** 0.5
        edge = half * cos(turn)
        left, right = (edge, half) if place < 0.5 else (-half, -edge)
        if right > left:
            draw.line((740 + left, 270 + row, 740 + right, 270 + row), "#f3ead2")
    draw.text((690, 430), f"{1 + round(28.5 * place)} / 30", "#f3ead2", _font(40))


def _lever(draw: ImageDraw.ImageDraw, place: float) -> None:
    """A beam with weights on both sides of a fulcrum, which moves."""
    x = 300 + 360 * place
    draw.polygon([(x, 330), (x - 60, 450), (x + 60, 450)], INK)
    draw.rectangle((60, 450, 900, 458), LINE)
    draw.rectangle((100, 312, 860, 330), AMBER)
    for number in range(9):
        draw.line((140 + 85 * number, 312, 140 + 85 * number, 330), INK, 2)
    draw.rectangle((110, 200, 230, 312), SEAL)
    draw.rectangle((760, 252, 840, 312), INDIGO)
    for side, end, name in ((170.0, 90, "F1"), (800.0, 130, "F2")):
        draw.line((side, end, side, 190 if name == "F1" else 245), BAMBOO, 6)
        draw.text((side + 14, end), name, BAMBOO, _font(36))
    draw.line((170, 490, x, 490), SEAL, 3)
    draw.line((x, 490, 800, 490), INDIGO, 3)
    draw.text(((170 + x) / 2 - 16, 495), "L1", SEAL, _font(30))
    draw.text(((800 + x) / 2 - 16, 495), "L2", INDIGO, _font(30))


def _paths(draw: ImageDraw.ImageDraw, place: float) -> None:
    """A chart: from what is given to what is asked."""
    boxes = [(60, 220, "A"), (330, 80, "B1"), (330, 220, "B2"), (330, 360, "B3"), (600, 150, "C1"), (600, 290, "C2")]
    ways = [(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (2, 5), (3, 5)]
    for one, other in ways:
        draw.line((boxes[one][0] + 160, boxes[one][1] + 45, boxes[other][0], boxes[other][1] + 45), LINE, 5)
    for x, y in ((760, 195), (760, 335)):
        draw.line((x, y, 830, 265), LINE, 5)
    for number, (x, y, name) in enumerate(boxes):
        draw.rounded_rectangle(
            (x, y, x + 160, y + 90), 14, PAPER, [SEAL, INDIGO, INDIGO, INDIGO, BAMBOO, BAMBOO][number], 4
        )
        draw.text((x + 62, y + 26), name, INK, _font(34))
    draw.ellipse((820, 220, 920, 310), SEAL)
    draw.text((857, 240), "?", PAPER, _font(44))


def _timetable(draw: ImageDraw.ImageDraw, place: float) -> None:
    """A week of signs: a sun, a book, a ball, a bowl, a bed."""
    for day in range(5):
        for hour in range(4):
            x, y = 60 + 172 * day, 60 + 112 * hour
            draw.rounded_rectangle((x, y, x + 152, y + 96), 12, "#f2ede0", LINE, 2)
            at, colour = (x + 76, y + 48), (SEAL, INDIGO, BAMBOO, AMBER)[(day + hour) % 4]
            sign = (day * 3 + hour) % 4
            if sign == 0:
                draw.ellipse((at[0] - 24, at[1] - 24, at[0] + 24, at[1] + 24), colour)
            elif sign == 1:
                draw.polygon([(at[0] - 36, at[1] - 20), at, (at[0], at[1] + 28), (at[0] - 36, at[1] + 8)], colour)
                draw.polygon([(at[0] + 36, at[1] - 20), at, (at[0], at[1] + 28), (at[0] + 36, at[1] + 8)], colour)
            elif sign == 2:
                draw.pieslice((at[0] - 34, at[1] - 34, at[0] + 34, at[1] + 34), 0, 180, colour)
            else:
                draw.rounded_rectangle((at[0] - 38, at[1] - 6, at[0] + 38, at[1] + 20), 6, colour)
    draw.text((60, 14), "MON        TUE         WED        THU         FRI", INK, _font(30))


def _squares(draw: ImageDraw.ImageDraw, place: float) -> None:
    """Squares on the sides of a right triangle."""
    draw.polygon([(400, 330), (560, 330), (400, 210)], AMBER, INK)
    draw.rectangle((400, 330, 560, 490), "#f6d9d3", SEAL, 4)
    draw.rectangle((280, 210, 400, 330), "#d8e1f0", INDIGO, 4)
    draw.polygon([(400, 210), (560, 330), (680, 170), (520, 50)], "#d5e6dc", BAMBOO, 4)
    for at, name, colour in (((455, 385), "a²", SEAL), ((320, 250), "b²", INDIGO), ((520, 165), "c²", BAMBOO)):
        draw.text(at, name, colour, _font(44))


def _colours(draw: ImageDraw.ImageDraw, place: float) -> None:
    """What a plant's juice looks like from acid to alkaline."""
    tones = [
        "#c2204b",
        "#c93a6e",
        "#b0528f",
        "#8d5aa5",
        "#6a62ad",
        "#4b74a8",
        "#3c8a8c",
        "#4b9a5e",
        "#9fb13a",
        "#cfb52b",
    ]
    for number, tone in enumerate(tones):
        x = 50 + 88 * number
        draw.rounded_rectangle((x, 110, x + 62, 430), 28, "#ffffff", LINE, 4)
        draw.rounded_rectangle((x + 4, 210, x + 58, 426), 24, tone)
        draw.text((x + 18, 450), str(number + 2), INK, _font(30))
    draw.text((50, 40), "pH", INK, _font(40))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


DRAWINGS: Final[dict[str, Callable[[ImageDraw.ImageDraw, float], None]]] = {
    "triangle": _triangle, "oxygen": _oxygen, "moon": _moon, "lever": _lever, "paths": _paths, "timetable": _timetable,
    "squares": _squares, "colours": _colours,
}  # fmt: skip
