"""What every command shares: exit codes, messages instead of tracebacks, options."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click

DONE, FAILED, USAGE, STOPPED = 0, 1, 2, 130
form_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Text for a reader, JSON for a program.",
)  # fmt: skip


def guard(command: Callable[..., int]) -> Callable[..., None]:
    """Turn errors into messages without a traceback, what a command returns into its exit code."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        from mcanalysis.errors import DataError, McAnalysisError, MethodError, ParameterError

        try:
            code = command(*args, **kwargs)
            sys.stdout.flush()
        except DataError as error:
            n = len(error.problems)
            click.echo(f"{error}\nThe study has {n} problem{'s' if n > 1 else ''}.", err=True)
            code = FAILED
        except (ParameterError, MethodError) as error:
            click.echo(str(error), err=True)
            code = USAGE
        except McAnalysisError as error:
            click.echo(str(error), err=True)
            code = FAILED
        except BrokenPipeError:
            # The reader has gone: nothing more can be said to it, not even at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = FAILED
        except KeyboardInterrupt:
            click.echo("Stopped. What is finished is kept; the same command goes on.", err=True)
            code = STOPPED
        sys.exit(code)

    return guarded


@contextmanager
def progress(total: int, unit: str) -> Iterator[Callable[[int], Any]]:
    """Show a progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=total, unit=unit, leave=False) as bar:
        yield bar.update


def hint(study_path: Path) -> None:
    """Say so if a workbook was filled in and not taken over."""
    from mcanalysis.workspace import newer_workbook

    if said := newer_workbook(study_path):
        click.echo(said, err=True)
