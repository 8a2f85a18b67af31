"""demo: an empty database becomes a small community to look around in."""

from typing import TYPE_CHECKING, Annotated, Final

from typer import Option

if TYPE_CHECKING:
    from pathlib import Path

    from web.database import Database

FromLog = Annotated[
    str | None,
    Option("--from-log", metavar="LOG", help="Make it of a log: its people and things, with names and texts made up."),
]


def demo(from_log: FromLog = None) -> None:
    """Fill an empty database as a demo. One that is a demo already is left as it is, any other is refused."""
    from web.commands.opening import opened, settings

    if from_log is not None:
        make_demo_from_log(from_log)
        return
    with opened() as database:
        if not make_demo(database, settings().files):
            print("这里已经是示例社区，保持原样。")
    print()
    tell_cast()


def make_demo(database: "Database", files: "Path") -> bool:
    """Make the database a demo as of now, and say so; False if it was one. Raises as web.demo.filling.fill."""
    from datetime import UTC, datetime

    from web.demo.filling import demand_empty, figures, fill
    from web.demo.mark import is_demo

    with database.reading() as session:
        if is_demo(session):
            return False
        demand_empty(session)
    print("正在建立示例社区，需要十几秒……", flush=True)
    if not fill(database, files, datetime.now(UTC)):
        return False
    with database.reading() as session:
        people, topics, replies, resources = figures(session)
    print(f"已建好：{people} 位教师，{topics} 个话题，{replies} 条回复，{resources} 份资源，一年的积分。", flush=True)
    return True


def make_demo_from_log(name: str) -> None:
    """Make an empty database a demo of what a log tells, and say so. Raises as web.demo.from_log.filling does."""
    from datetime import UTC, datetime

    from points.log import Log
    from points.statements import balances
    from web.commands.opening import opened
    from web.commands.paper import bar
    from web.commands.summary import print_summary
    from web.demo.from_log.filling import fill_from_log
    from web.garbage import uncollected

    log = Log(name)
    with opened() as database:
        with uncollected(), bar("导入", False, lambda: sum(1 for _ in log.lines())) as step:
            run = fill_from_log(database, log, datetime.now(UTC), step)
        with database.reading() as session:
            print_summary(run.result(balances(session)), 0)
    print()
    tell_cast()


def tell_cast() -> None:
    """Who can be signed in as, and how, and that a site for use begins elsewhere."""
    from web.demo.cast import CAST, PASSWORD
    from web.demo.people import players

    print(f"在登录页可以一键进入，也可以用工号登录，密码都是 {PASSWORD}")
    names, before = {one.staff_number: one.name for one in players().person}, ""
    for number, (group, about) in CAST.items():
        print(f"  {(group if group != before else '').ljust(5, WIDE)}  {names[number]}  {number}  {about}")
        before = group
    print()
    print("示例社区的密码人人知道，请不要用它办正事。要建立正式的网站，请用 GONGYAN_DATABASE_URL 另指一个空的数据库")
    print("（例如 sqlite:///jiaoyan.db），再运行 serve。", flush=True)


WIDE: Final = "\N{IDEOGRAPHIC SPACE}"
