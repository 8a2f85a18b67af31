"""audit and seal: the ledger proved, and a digest of it taken out of the house."""

from typing import Annotated

from typer import Argument, Exit, Option

from web.commands.arguments import AsJson

FIGURES = {
    "facts": "记录",
    "accounts": "账户",
    "links": "链环",
    "entries": "台账条目",
    "seals": "封印",
    "due": "待结清账户",
    "counted": "计入积分",
    "balance": "余额积分",
    "redeemed": "兑换积分",
    "expired": "清零积分",
}


def audit(
    seal: Annotated[
        str | None,
        Option("--seal", metavar="FILE", help="Seals taken earlier, one a line, as seal wrote them."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Prove that the ledger agrees with itself. Exit status 1 if something in it disagrees."""
    from pathlib import Path

    from points.audit import LOOKED_AT, audit
    from points.exports import count_rows
    from web.commands.faults import Fault
    from web.commands.opening import opened
    from web.commands.paper import AMBER, BAMBOO, bar, columns, paper, print_json
    from web.numbers import number

    with (
        opened() as database,
        database.reading() as session,
        bar("核对", json, lambda: count_rows(session, *LOOKED_AT)) as step,
    ):
        found = audit(session, None if seal is None else Path(seal), step)
    if json:
        agrees = found.disagreement is None
        print_json({"agrees": agrees, "disagreement": found.disagreement, "figures": found.figures})
        raise Exit(0 if agrees else 1)
    table = columns("核对", "数量", numbers=1)
    for name, count in found.figures.items():
        table.add_row(FIGURES.get(name, name), number(count))
    paper().print(table)
    if found.disagreement is not None:
        raise Fault(found.disagreement, 1)
    paper().print()
    if found.figures["due"]:
        paper().print("有年度正在结清；待结清账户按结清之前比对。", style=AMBER)
    paper().print("账目、链、封印都相符。", style=BAMBOO)


def seal(
    file: Annotated[
        str | None, Argument(metavar="FILE", help="Where to append the seal; standard output if left out.")
    ] = None,
) -> None:
    """Seal the ledger as it stands. The seal is a line to be kept away from the database."""
    from contextlib import ExitStack
    from datetime import UTC, datetime
    from pathlib import Path

    import msgspec

    from points.exports import count_rows
    from points.seals import seal
    from web.commands.opening import opened
    from web.commands.paper import bar, write_bytes

    with ExitStack() as stack:
        # A file that cannot be written is found out before anything is sealed.
        kept = None if file is None else stack.enter_context(Path(file).open("ab"))
        database = stack.enter_context(opened())
        with (
            database.writing() as session,
            bar("封印", False, lambda: count_rows(session, "account", "fact")) as step,
        ):
            line = msgspec.json.encode(seal(session, datetime.now(UTC), step)) + b"\n"
        if kept is None:
            write_bytes(line)
        else:
            kept.write(line)
