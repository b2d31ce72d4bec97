# Sourced by scripts that need a running user store: starts the standalone that was built, on free ports and with data of its
# own, and ends it with the script. Node must be there. Sets root, scratch, url, key and kafka.
# shellcheck shell=sh disable=SC2034

root=$PWD
scratch=$(mktemp -d "${TMPDIR:-/tmp}/userstore-ci.XXXXXX")
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

free_ports() {
  node -e '
    const net = require("node:net");
    const servers = [1, 2, 3, 4].map(() => net.createServer().listen(0, "127.0.0.1"));
    Promise.all(servers.map(each => new Promise(done => each.once("listening", done)))).then(() => {
      console.log(servers.map(each => each.address().port).join(" "));
      servers.forEach(each => each.close());
    });'
}

# start_standalone HTTP KAFKA POSTGRES MONGODB: on these ports; returns once it is ready.
start_standalone() {
  # shellcheck source=.mvn/find-jdk.sh
  . ./.mvn/find-jdk.sh
  JAVA_HOME=$(find_jdk)
  url=http://127.0.0.1:$1
  kafka=127.0.0.1:$2
  key=sk_ci_$(node -p 'crypto.randomBytes(12).toString("hex")')
  (cd "$scratch" && USERSTORE_SECRET_KEY=$key exec "$JAVA_HOME/bin/java" -Xmx400m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
    -jar "$root/standalone/target/userstore-standalone.jar" --server.port="$1" --userstore.kafka.port="$2" \
    --userstore.postgres.port="$3" --userstore.mongodb.port="$4" >"$scratch/log" 2>&1) &
  service=$!
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
}
