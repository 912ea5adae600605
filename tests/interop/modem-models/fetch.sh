#!/bin/sh
# Fetches the recordings as they were published: installing would leave out their tests, which hold them.
set -eu
cd "$(dirname "$0")"
build="$(mktemp -d)"
trap 'rm -rf "$build"' EXIT
pip() {
    python3 -m pip "$@" --quiet --disable-pip-version-check --require-hashes
}
pip install --target "$build" --only-binary :all: --requirement build-requirements.txt
PYTHONPATH="$build" pip download --dest . --no-deps --no-build-isolation --no-binary :all: \
    --requirement requirements.txt
