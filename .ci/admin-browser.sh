#!/bin/sh
# Clicks through the administration page of a standalone of its own:
#   sh .ci/admin-browser.sh [FOLDER FOR PICTURES]
# axe-core comes from npm when it can; without it the page's accessibility is not looked at, which is said.

set -eu
cd "$(dirname "$0")/.."
# shellcheck source=.ci/standalone.sh
. ./.ci/standalone.sh

axe=
if command -v npm >/dev/null 2>&1 \
  && (cd "$scratch" && npm pack --silent axe-core@4.11.0 && tar -xzf axe-core-4.11.0.tgz package/axe.min.js) >/dev/null 2>&1; then
  axe=$scratch/package/axe.min.js
else
  echo 'skipped: accessibility, axe-core cannot be had here'
fi

# shellcheck disable=SC2046
start_standalone $(free_ports)
node .ci/admin-browser.mjs "$url" "$key" ${axe:+--axe "$axe"} ${1:+--pictures "$1"}
