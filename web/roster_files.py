"""The file of a roster: Excel or CSV, read with a wary eye; what it says is judged elsewhere."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from io import StringIO
from typing import IO, Any, Final
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZipFile

from community.refusals import WrongInput
from community.rosters import COLUMNS, MOST
from community.turns import Turns
from community.words import Sentence, say
from web.sheets import workbook

BYTES: Final = 5 << 20
"""Of a file as it is sent."""
UNPACKED: Final = 24 << 20
"""Of a file of Excel once unpacked: 20,000 rows come to about half of it."""
WIDE: Final = 40
"""Columns that are looked at."""
WIDEST: Final = 1000
"""Cells of a row: they are all read before it is known which are looked at."""
MOST_CELLS: Final = 500_000
MOST_OTHERS: Final = 300_000
"""Texts, styles and whatever else a file of Excel is made of."""
WITHIN: Final = frozenset({"v", "is", "t"})
"""What cells and texts hold: no more of it than twice of them."""
_turns: Final = Turns(1, 3, say("现在上传名单的人很多，请过几秒再试。"))

Rows = list[tuple[int, dict[str, str]]]


def rows_of(name: str, file: IO[bytes], needed: Sequence[str] = ("姓名", "工号")) -> Rows:
    """The rows below the headings, with their numbers in the file, by column; those `needed` must be there.

    Reading takes long: do it before a transaction begins. Raises WrongInput, TooFast while too many wait.
    """
    content = file.read(BYTES + 1)
    if len(content) > BYTES:
        raise _wrong(say("文件太大，最多 5 MB。"))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _wrong(say("这是旧的 .xls 文件或加了密码，请另存为不加密的 .xlsx 再上传。"))
    file.seek(0)
    with _turns.mine():
        found = _by_column(_excel(file) if content.startswith(b"PK") else _csv(content), needed)
    if not found:
        raise _wrong(say("文件里没有一行数据；请把老师填在表头下面。"))
    return found


def template() -> bytes:
    """An empty roster with its headings, and a row that shows how."""
    example = ("张三", "20260001", "zhangsan@example.cn", "越秀区", "育才实验学校", "初中", "数学、班主任", "教师")
    return workbook({"名单": (COLUMNS, [example])})


def _excel(file: IO[bytes]) -> Iterator[Sequence[str]]:
    try:
        with ZipFile(file) as packed:
            # What the directory says is held against what comes out when it is read, so it may be believed.
            if sum(one.file_size for one in packed.infolist()) > UNPACKED or len(packed.infolist()) > 500:
                raise _wrong(say("这个文件解开后太大，请只保留名单那一张表再上传。"))
            _demand_few(packed)
        from openpyxl import load_workbook  # Only whoever brings a file waits for it.

        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=MOST + 1000, max_col=WIDE):
            yield [_text(cell.value) for cell in row]
        book.close()
    except WrongInput:
        raise
    except Exception as error:  # openpyxl raises whatever the first odd byte leads to
        raise _wrong(say("这个文件打不开，可能已损坏；请用 Excel 另存为 .xlsx 再上传。")) from error


def _demand_few(packed: ZipFile) -> None:
    """Raise WrongInput for more than openpyxl reads in some seconds, and for entities, which no office writes."""
    cells = others = within = row = 0

    def begin(name: str, _: Any) -> None:
        nonlocal cells, others, within, row
        name = name.rpartition(":")[2]
        if name == "c":
            cells, row = cells + 1, row + 1
        elif name in WITHIN:
            within += 1
        else:
            others, row = others + 1, 0 if name == "row" else row
        if row > WIDEST or cells > MOST_CELLS or others > MOST_OTHERS or within > 2 * (MOST_CELLS + MOST_OTHERS):
            raise _wrong(say("这个文件的格子太多，请只保留名单那一张表再上传。"))

    def refuse(*_: Any) -> None:
        raise ValueError

    for one in packed.infolist():
        row, parser = 0, ParserCreate()
        parser.StartElementHandler, parser.StartDoctypeDeclHandler = begin, refuse
        # What is no XML ends at its first byte; by what name a sheet is called is up to who made the file.
        with packed.open(one) as part, suppress(ExpatError):
            parser.ParseFile(part)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(getattr(value, "text", value))


def _csv(content: bytes) -> Iterator[Sequence[str]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max("\t,;", key=first.count)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise _wrong(say("这个文件读不懂；请存为 .xlsx，或用逗号分隔的 CSV。")) from None


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _wrong(say("这个文件读不懂；请存为 .xlsx，或用 UTF-8 存为 CSV。"))


def _by_column(lines: Iterable[Sequence[str]], needed: Sequence[str]) -> Rows:
    rows: Rows = []
    headings: dict[int, str] = {}
    for number, line in enumerate(lines, 1):
        cells = [cell.replace("\0", "").strip() for cell in line[:WIDE]]
        if not any(cells):
            continue
        if not headings:
            headings = {at: cell for at, cell in enumerate(cells) if cell in COLUMNS}
            missing = [name for name in needed if name not in headings.values()]
            if missing:
                raise _wrong(say("第一行应是表头，缺少“%(column)s”；可以下载模板来填。", column=missing[0]))
            if len(set(headings.values())) < len(headings):
                raise _wrong(say("表头有重复的列。"))
            continue
        if len(rows) == MOST:
            raise _wrong(say("一次最多 %(most)s 行，请分几个文件上传。", most=MOST))
        rows.append((number, {name: cells[at][:200] for at, name in headings.items() if at < len(cells)}))
    return rows


def _wrong(sentence: Sentence) -> WrongInput:
    return WrongInput(file=sentence)
