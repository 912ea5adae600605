#!/bin/sh
# Tests against implementations of others. Needs node 18 or newer and npm, gammu and smstools, python3 with pip.
set -eu
cd "$(dirname "$0")/smpp-node"
npm ci --no-audit --no-fund
../modem-models/fetch.sh
cd ../../..
exec cargo test --package ozml-sms --features interop-node,interop-modem \
    --test interop_node --test interop_modem --test modem_models "$@"
