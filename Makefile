# make report | make test | make lab: each sets up .venv from the lock file the first time, then only does its job.
PYTHON ?= python3
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: report test lab

report: .venv/ready
	.venv/bin/mcanalysis report

test: .venv/ready
	.venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lab: .venv/ready
	.venv/bin/jupyter lab notebooks

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "mcanalysis needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --require-hashes -r requirements.lock
	.venv/bin/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@
