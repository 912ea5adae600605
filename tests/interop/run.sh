#!/bin/sh
# Tests against implementations of others. Needs node 18 or newer and npm.
set -eu
cd "$(dirname "$0")/smpp-node"
npm ci --no-audit --no-fund
cd ../../..
exec cargo test --package ozml-sms --features interop-node --test interop_node "$@"
