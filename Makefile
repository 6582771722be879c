# make run     open the two sample halls on http://127.0.0.1:8080
# make quick   while you work, within a minute: style, layers and the rules of the hall, without server and browser
# make test    every test, with PostgreSQL, Valkey and a browser where this machine can have them
# make check   what every commit passes: style, types, the layers of the house
# make bench   the load figures
# make bench-waits WARSAW=folder BANK=folder   how near the waits of real logs are foreseen
# make pictures  the pictures of the README, of a busy morning that is played for it
# make house   the drawing and the table of the rooms, docs/house.*, from the imports
# make clean   take away what the others made, but nothing that belongs to a hall

.PHONY: run quick test check bench bench-waits pictures house clean
.NOTPARALLEL:
export PYTHON
# what Python compiles is kept, or every start would take three seconds longer
unexport PYTHONDONTWRITEBYTECODE

run: .venv/.run .venv/.project node_modules/.ready
	@exec .venv/bin/hallflow run --demo

# rooms whose tests need no process and no port, which tests/quick.py holds them to
QUICK = domain config foresight backtests snapshots operations/floor operations/history \
	test_clock.py test_hall.py test_house.py test_papers.py test_settings.py

quick: .venv/.dev .venv/.project
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	HALLFLOW_TEST_QUICK=1 .venv/bin/python -m pytest -q -n 2 -m "not slow" $(QUICK:%=tests/%) $(ARGS)

test: .venv/.dev .venv/.project node_modules/.ready
	@scripts/setup browser
	.venv/bin/python -m pytest -n 2 --dist loadgroup $(ARGS)

check: .venv/.dev .venv/.project
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: .venv/.dev .venv/.project node_modules/.ready
	.venv/bin/python -m bench $(ARGS)

bench-waits: .venv/.dev .venv/.project
	.venv/bin/python -m bench.methods.waits $(if $(WARSAW),--warsaw $(WARSAW)) $(if $(BANK),--bank $(BANK)) --write

pictures: .venv/.dev .venv/.project node_modules/.ready
	@scripts/setup browser
	.venv/bin/python -m tests.browser.pictures

house: .venv/.dev .venv/.project
	.venv/bin/python -m scripts.house

clean:
	rm -rf .venv node_modules tests/browser/node_modules build dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.run: lock/run.txt
	@scripts/setup packages run

.venv/.dev: lock/dev.txt
	@scripts/setup packages dev

.venv/.project: pyproject.toml | .venv/.run
	@scripts/setup project

node_modules/.ready: package-lock.json | .venv/.run
	@scripts/setup libraries .
