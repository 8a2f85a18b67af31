"""rulebook: its versions listed, a new one added, the policy for teachers printed."""

from typing import Annotated

from typer import Argument, Option, Typer

from web.commands.arguments import AsJson, Plain, PlainGroup

app = Typer(
    help="List the versions of the rulebook, add one, print the policy.",
    cls=PlainGroup,
    rich_markup_mode=None,
)


@app.command("list", cls=Plain)
def list_versions(json: AsJson = False) -> None:
    """List the versions that the database holds."""
    from points.versions import rulebooks_of
    from web.commands.opening import opened
    from web.commands.paper import columns, paper, print_json

    with opened() as database, database.reading() as session:
        versions = rulebooks_of(session).versions
    if json:
        print_json([{"version": v.version, "holds_from": v.holds_from, "title": v.title} for v in versions])
        return
    table = columns("版本", "生效", "名称")
    for version in versions:
        since = str(version.holds_from) if version.version > 1 else f"{version.holds_from}（及此前）"
        table.add_row(f"第 {version.version} 版", since, version.title)
    paper().print(table)


@app.command("add", cls=Plain)
def add(
    file: Annotated[str, Argument(metavar="FILE", help="The new rulebook, TOML.")],
    since: Annotated[str, Option("--from", metavar="DATE", help="The day from which it holds (Asia/Shanghai).")],
) -> None:
    """Add a version. It holds from a day that lies after everything that happened."""
    from pathlib import Path

    from points.rulebook import read_rulebook
    from points.versions import take_effect
    from web.commands.arguments import day
    from web.commands.opening import opened
    from web.commands.paper import paper

    holds_from, text = day(since, "--from"), read_rulebook(Path(file)).text
    with opened() as database, database.writing() as session:
        added = take_effect(session, text, file, holds_from)
    paper().print(f"规则册第 {added.version} 版已加入，自 {added.holds_from} 起生效。")


@app.command("policy", cls=Plain)
def policy(
    rulebook: Annotated[
        str | None,
        Option("--rulebook", metavar="FILE", help="Another rulebook than the one that is shipped."),
    ] = None,
) -> None:
    """Print the policy for teachers, in Chinese, as Markdown."""
    from pathlib import Path

    from points.policy import policy
    from points.rulebook import present_rulebook, read_rulebook
    from web.commands.paper import write_bytes

    chosen = present_rulebook() if rulebook is None else read_rulebook(Path(rulebook))
    write_bytes(policy(chosen).encode())
