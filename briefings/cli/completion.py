"""`briefings completion`: the script that lets a shell complete commands, options, topics and actors."""

from __future__ import annotations

import click


@click.command(
    "completion",
    short_help="Print a shell's completion script.",
    epilog="""\b
Examples, each of which installs it:
  bash   briefings completion bash > ~/.local/share/bash-completion/completions/briefings
  zsh    briefings completion zsh > "${fpath[1]}/_briefings"
  fish   briefings completion fish > ~/.config/fish/completions/briefings.fish

Then open a new shell. The folder must exist.""",
)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")), metavar="SHELL")
def command(shell: str) -> None:
    """Print the completion script of SHELL: bash, zsh or fish."""
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    from briefings.cli.main import COMPLETE_VARIABLE, commands

    completion = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}[shell]
    click.echo(completion(commands, {}, "briefings", COMPLETE_VARIABLE).source())
