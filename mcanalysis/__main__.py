"""Run the command line: `python -m mcanalysis`."""

from mcanalysis.cli import main

main()
