"""`park eval`: what the platform is worth, measured by its own code. Only wiring, like `park`."""

import typer

commands = typer.Typer(
    help="Measure ranking, assignment and draws with the product's own code.",
    no_args_is_help=True,
)
