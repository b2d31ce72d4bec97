#!/bin/sh
# Runs the examples of docs/events.md in other languages against a standalone of its own: Node with kafkajs and jose, which come
# from npm when they can, and kcat where it is installed. Each must tell of everybody, and open nothing of who was deleted.

set -eu
cd "$(dirname "$0")/.."
# shellcheck source=.ci/standalone.sh
. ./.ci/standalone.sh

fail() {
  printf '%s\n' "$1"
  cat "$2"
  exit 1
}

has_libraries=
if command -v npm >/dev/null 2>&1 \
  && (cd "$scratch" && npm install --silent --no-audit --no-fund kafkajs@2.2.4 jose@6.1.0) >/dev/null 2>&1; then
  has_libraries=yes
fi
if [ -z "$has_libraries" ] && ! command -v kcat >/dev/null 2>&1; then
  echo 'skipped: neither kafkajs and jose nor kcat can be had here'
  exit 0
fi

# shellcheck disable=SC2046
start_standalone $(free_ports)
# shellcheck disable=SC2016
node --input-type=module -e '
  const [url, key] = process.argv.slice(1);
  const call = (method, path, body) => fetch(url + path, { method, body: body && JSON.stringify(body),
    headers: { "x-api-key": key, "content-type": "application/json" } }).then((answer) => answer.json());
  await call("POST", "/1/users", { username: "stays", password: "abcd1234", email: "stays@example.com" });
  const goes = await call("POST", "/1/users", { username: "goes", password: "abcd1234", email: "goes@example.com" });
  await call("DELETE", `/1/users/${goes.id}`);
' "$url" "$key"

if [ -n "$has_libraries" ]; then
  cp docs/examples/node/consumer.mjs "$scratch/"
  (cd "$scratch" && USERSTORE_MASTER_KEY=$(cat data/master-key) KAFKAJS_NO_PARTITIONER_WARNING=1 exec node consumer.mjs "$kafka") \
    >"$scratch/told" 2>"$scratch/faults" &
  consumer=$!
  tries=0
  until [ "$(grep -c '^20.*io\.userstore\.user\.' "$scratch/told")" -ge 3 ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 60 ]; then
      kill "$consumer" 2>/dev/null || true
      fail 'the example in Node did not tell of three events in a minute' "$scratch/faults"
    fi
    sleep 1
  done
  kill "$consumer"
  wait "$consumer" 2>/dev/null || true
  grep -q "user.created.v1 .*stays@example.com" "$scratch/told" || fail 'the example in Node opened nothing' "$scratch/told"
  grep -q 'user.created.v1 .*(erased)' "$scratch/told" || fail 'the example in Node does not know who is gone' "$scratch/told"
  ! grep -q 'goes' "$scratch/told" || fail 'the example in Node opened what was erased' "$scratch/told"
  echo 'Node: the example reads, opens and forgets'
else
  echo 'skipped: the example in Node, kafkajs and jose cannot be had here'
fi

if command -v kcat >/dev/null 2>&1; then
  kcat -b "$kafka" -t userstore.events -C -e -o beginning -f '%h\n%k %p:%o\n%s\n\n' >"$scratch/kcat" 2>"$scratch/faults"
  [ "$(grep -c '^ce_specversion=1.0,.*ce_type=io.userstore.user' "$scratch/kcat")" -eq 3 ] \
    || fail 'kcat did not read three events' "$scratch/faults"
  ! grep -q 'example.com' "$scratch/kcat" || fail 'something personal is published in the clear' "$scratch/kcat"
  echo 'kcat: the example reads'
else
  echo 'skipped: the example with kcat, which is not here'
fi
