#!/usr/bin/env bash
# The tests that take minutes each, left out of the quick suite: memory over long runs, and attention over a whole clip of a single channel.
# Arguments are the test program's, for example: scripts/run-long-tests.sh -class "*SoakTests"
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -c Release
tests/MimiiGen.Tests/bin/Release/net10.0/linux-x64/MimiiGen.Tests -explicit only "$@"
