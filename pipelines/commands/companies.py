"""Commands about companies. Each returns whether it found anything."""

from pathlib import Path

from pipelines import company_ledger, output
from pipelines.home import Home
from pipelines.output import TableFormat
from pipelines.views import terminal

ON_SCREEN = 20


def companies(
    home: Home, name: str | None, top: int | None, how: TableFormat, out: Path | None, *, proposals: bool
) -> bool:
    """Companies that bills name, or pairs of names that may be one company."""
    from pipelines.views.company_list import company_list, match_list

    output.check_target(how, out)
    rows = company_ledger.matches(home, name, proposals=True) if proposals else company_ledger.companies(home, name)
    if rows.is_empty():
        what = "no two names are proposed as one company" if proposals else "no company is known"
        return output.say(f"{what}{f' for {name!r}' if name else ''}: bills of lading are read with `oretrace run`")
    if how is not TableFormat.TABLE:
        return output.write(rows.head(top) if top else rows, how, out) > 0
    screen = terminal.screen()
    if proposals:
        terminal.print_all(screen, match_list(rows, top or ON_SCREEN))
        return True
    matches = company_ledger.matches(home, name) if name else None
    terminal.print_all(screen, company_list(rows, top or ON_SCREEN, screen.width, matches))
    return True


def same(home: Home, one: str, other: str, verdict: str, reviewer: str, note: str | None) -> bool:
    """Record what a person holds two companies for."""
    first, second = (company_ledger.one_company(home, text) for text in (one, other))
    row = company_ledger.append(home, first, second, reviewer=reviewer, verdict=verdict, note=note)
    told = row.row(0, named=True)
    screen = terminal.screen()
    screen.print(f"{told['one']} and {told['other']}: {verdict}, by {told['reviewer']}.")
    screen.print("It counts from the next run on, before any rule: oretrace run")
    return True
