# The commands of this project. Both `make run` and `make test` set everything up by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SEEDS ?= 200

.PHONY: run key test long lint check laws bench clean

run: $(VENV)/run.ok
	@DEMO=1 $(BIN)/python app.py

# Two secrets for an office's own settings. Keep DATA_KEYS safe elsewhere too: without it nobody reads the database.
key: $(VENV)/run.ok
	@$(BIN)/python -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(48))'
	@$(BIN)/python -c 'from cryptography.fernet import Fernet; print("DATA_KEYS=" + Fernet.generate_key().decode())'

test: $(VENV)/dev.ok
	$(BIN)/python -m pytest -n 2 --dist worksteal

# The same on more cases, databases and sizes of windows.
long: $(VENV)/dev.ok
	$(BIN)/python -m pytest -n 2 --dist worksteal -m long

lint: $(VENV)/dev.ok
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: $(VENV)/run.ok
	$(BIN)/python -m formengine check

# The laws of the engine over $(SEEDS) generated submissions of each scenario; ONLY=hotel,catering tries these alone.
# What passed and did not change since is not tried again.
laws: $(VENV)/dev.ok
	@SEEDS=$(SEEDS) ONLY=$(ONLY) $(BIN)/python tests/laws.py

bench: $(VENV)/dev.ok
	$(BIN)/python tests/bench/bench.py

$(VENV)/run.ok: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/dev.ok: $(VENV)/run.ok requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf build $(VENV) .pytest_cache .hypothesis .mypy_cache .ruff_cache
