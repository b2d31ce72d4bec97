#!/bin/sh
# Starts the standalone that was built, on free ports and with data of its own, and clicks through its administration page:
#   sh .ci/admin-browser.sh [FOLDER FOR PICTURES]
# axe-core comes from npm when it can; without it the page's accessibility is not looked at, which is said.

set -eu
cd "$(dirname "$0")/.."
root=$PWD
scratch=$(mktemp -d "${TMPDIR:-/tmp}/userstore-admin.XXXXXX")
service=
finish() {
  if [ -n "$service" ]; then
    kill "$service" 2>/dev/null || true
    wait "$service" 2>/dev/null || true
  fi
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

axe=
if command -v npm >/dev/null 2>&1 \
  && (cd "$scratch" && npm pack --silent axe-core@4.11.0 && tar -xzf axe-core-4.11.0.tgz package/axe.min.js) >/dev/null 2>&1; then
  axe=$scratch/package/axe.min.js
else
  echo 'skipped: accessibility, axe-core cannot be had here'
fi

free_ports=$(node -e '
  const net = require("node:net");
  const servers = [1, 2, 3, 4].map(() => net.createServer().listen(0, "127.0.0.1"));
  Promise.all(servers.map(each => new Promise(done => each.once("listening", done)))).then(() => {
    console.log(servers.map(each => each.address().port).join(" "));
    servers.forEach(each => each.close());
  });')
# shellcheck disable=SC2086
set -- "${1:-}" $free_ports
# shellcheck source=.mvn/find-jdk.sh
. ./.mvn/find-jdk.sh
JAVA_HOME=$(find_jdk)

key=sk_browser_$(node -p 'crypto.randomBytes(12).toString("hex")')

(cd "$scratch" && USERSTORE_SECRET_KEY=$key exec "$JAVA_HOME/bin/java" -Xmx400m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
  -jar "$root/standalone/target/userstore-standalone.jar" --server.port="$2" --userstore.kafka.port="$3" \
  --userstore.postgres.port="$4" --userstore.mongodb.port="$5" >"$scratch/log" 2>&1) &
service=$!

url=http://127.0.0.1:$2
tries=0
until node -e 'fetch(process.argv[1] + "/actuator/health/readiness").then(a => process.exit(a.ok ? 0 : 1), () => process.exit(1))' "$url"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 180 ] || ! kill -0 "$service" 2>/dev/null; then
    cat "$scratch/log"
    echo 'the service did not start'
    exit 1
  fi
  sleep 1
done

node .ci/admin-browser.mjs "$url" "$key" ${axe:+--axe "$axe"} ${1:+--pictures "$1"}
