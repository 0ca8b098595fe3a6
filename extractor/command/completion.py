"""Completion for shells: a script of their own, made from the options, that needs nothing at run time."""

from __future__ import annotations

import argparse
from collections.abc import Callable

SHELLS = ("bash", "zsh", "fish")
BASH = """\
_extract() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
  COMPREPLY=()
  case "$before" in
{cases}
  esac
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "{options}" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
    if [[ "$COMP_CWORD" == 1 ]]; then COMPREPLY+=($(compgen -W "{verbs}" -- "$word")); fi
  fi
}}
complete -o filenames -F _extract extract
"""
CASE = '    {names}) COMPREPLY=($(compgen -W "{words}" -- "$word")); return ;;'
FILES = '    {names}) COMPREPLY=($(compgen -f -- "$word")); return ;;'


def completion(parser: argparse.ArgumentParser, shell: str, verbs: list[str]) -> str:
    """The script that a shell of this name reads: eval "$(extract --completion bash)"."""
    return SCRIPTS[shell](parser, verbs)


def _options(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in parser._actions if action.option_strings]  # noqa: SLF001 (argparse has no public list of them)


def _bash(parser: argparse.ArgumentParser, verbs: list[str]) -> str:
    options = _options(parser)
    taking = [action for action in options if action.nargs != 0]
    cases = [
        (CASE if action.choices else FILES).format(names="|".join(action.option_strings), words=" ".join(map(str, action.choices or ())))
        for action in taking
    ]
    names = " ".join(name for action in options for name in action.option_strings)
    return BASH.format(cases="\n".join(cases), options=names, verbs=" ".join(verbs))


def _zsh(parser: argparse.ArgumentParser, verbs: list[str]) -> str:
    return f"autoload -U +X bashcompinit && bashcompinit\n{_bash(parser, verbs)}"


def _fish(parser: argparse.ArgumentParser, verbs: list[str]) -> str:
    lines = [f"complete -c extract -n __fish_use_subcommand -a {verb}" for verb in verbs]
    for action in _options(parser):
        names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in action.option_strings)
        words = f' -x -a "{" ".join(map(str, action.choices))}"' if action.choices else " -r" if action.nargs != 0 else ""
        told = (action.help or "").replace("%%", "%").replace("'", "")
        lines.append(f"complete -c extract {names}{words} -d '{told}'")
    return "\n".join(lines) + "\n"


SCRIPTS: dict[str, Callable[[argparse.ArgumentParser, list[str]], str]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
