"""The reference of all commands, ``docs/commands.md``, written from the parsers themselves."""

import argparse
from collections.abc import Iterator

from fracture_core.doors.cli import build_parser

_HEAD = """# Commands

Written by `python -m fracture_core results` from the commands themselves; do not edit. Installed, the program is called
`fracture`; in a checkout `python -m fracture_core` is the same. Every command ends with 0 where all went well, 1 where
something failed (the reason is on stderr), and 2 where it was called wrongly.
"""


def build_reference() -> str:
    """Return the document: each command and action with its options, in Markdown."""
    return "\n".join([_HEAD, *_describe(build_parser(), "fracture", 2)]).rstrip() + "\n"


def list_words(parser: argparse.ArgumentParser | None = None) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    """Yield each command, and each action of one, as its words, with the options that may follow it."""
    parser = parser or build_parser()
    for name, inner in _list_inner(parser).items():
        options = {option for action in inner._actions for option in action.option_strings}
        yield (name,), frozenset(options)
        for words, further in list_words(inner):
            yield (name, *words), frozenset(options | further)


def _describe(parser: argparse.ArgumentParser, called: str, level: int) -> Iterator[str]:
    for name, inner in _list_inner(parser).items():
        yield f"{'#' * level} `{called} {name}`\n"
        yield f"{_end(inner.description or _find_help(parser, name))}\n"
        yield from _list_options(inner)
        yield from _describe(inner, f"{called} {name}", level + 1)


def _list_options(parser: argparse.ArgumentParser) -> Iterator[str]:
    rows = [action for action in parser._actions if action.help != argparse.SUPPRESS and not _is_apart(action)]
    if rows:
        yield "| option | what it does |\n|---|---|"
        yield from (f"| {_name(action)} | {_word_help(action)} |" for action in rows)
        yield ""


def _is_apart(action: argparse.Action) -> bool:
    return isinstance(action, (argparse._HelpAction, argparse._VersionAction, argparse._SubParsersAction))


def _name(action: argparse.Action) -> str:
    value = ""
    if action.nargs != 0:
        shown = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
        value = "\\|".join(map(str, action.choices)) if action.choices else shown
    return f"`{' '.join(filter(None, [', '.join(action.option_strings), value]))}`"


def _word_help(action: argparse.Action) -> str:
    text = (action.help or "").replace("%%", "%").replace("|", "\\|")
    return text % vars(action) if "%(" in text else text


def _find_help(parser: argparse.ArgumentParser, name: str) -> str:
    inner = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return next((choice.help or "" for choice in inner._choices_actions if choice.dest == name), "")


def _list_inner(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(found[0].choices) if found else {}


def _end(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
