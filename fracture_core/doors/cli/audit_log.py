"""``audit-log``: what was done and by whom; whether the log is whole."""

import argparse
import json
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="entries, the newest first (what is done without an action)")
    verifying = actions.add_parser("verify", help="walk the chain; name the first entry that does not hold")
    for each in (parser, listing):
        each.add_argument("--limit", type=int, default=20, metavar="N", help="entries (default 20)")
        each.add_argument("--before", type=int, metavar="NUMBER", help="only entries before this one")
        each.add_argument("--about", default="", metavar="ACTION", help="only entries of this action, such as export")
    verifying.add_argument(
        "--expect", metavar="NUMBER:SHA256", help="an entry that 'verify' printed before and that must be there still"
    )
    for each in (parser, listing, verifying):
        each.add_argument("--json", action="store_true", help="JSON, for other programs")


def run(arguments: argparse.Namespace) -> int:
    return _verify(arguments) if arguments.action == "verify" else _list(arguments)


def _verify(arguments: argparse.Namespace) -> int:
    from fracture_core.store import parse_audit_anchor, verify_audit_log

    found = verify_audit_log(parse_audit_anchor(arguments.expect) if arguments.expect else None)
    end = f"{found.head.number}:{found.head.sha256}"
    if arguments.json:
        values = {
            "holds": found.holds,
            "count": found.count,
            "broken": found.broken,
            "problem": found.problem,
            "end": end,
        }
        print(json.dumps(values))
    elif found.holds:
        print(f"whole: {found.count:,} entries, each follows from the one before")
        print(f"end of the log, to keep elsewhere and pass to --expect: {end}")
    else:
        print(f"broken at entry {found.broken:,}: {found.problem}", file=sys.stderr)
        print(f"the {found.count:,} entries before it hold", file=sys.stderr)
    return 0 if found.holds else 1


def _list(arguments: argparse.Namespace) -> int:
    from fracture_core.store import list_audit_entries, parse_entry_details

    for entry in list_audit_entries(action=arguments.about, before=arguments.before, limit=arguments.limit):
        if arguments.json:
            print(json.dumps(vars(entry) | {"details": parse_entry_details(entry)}, ensure_ascii=False))
        else:
            who = entry.who or "nobody named"
            print(f"{entry.number:>7}  {entry.at[:19]}  {entry.action:<10} {entry.subject}  by {who}")
            print(f"         {json.dumps(parse_entry_details(entry), sort_keys=True)}")
    return 0
