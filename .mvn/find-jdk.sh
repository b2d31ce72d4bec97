# Sourced by mvnw and userstore: the one place that knows where JDKs lie.
# shellcheck shell=sh
#
# find_jdk prints the home of a JDK of JDK_MINIMUM or newer, or prints nothing and answers 1. It asks, in this order,
# JAVA_HOME, the javac on PATH, and the usual install folders, of which the newest JDK wins.
#
# JDK_SEARCH_ROOT is put before the absolute folders, so that the tests can search a folder of their own.

JDK_MINIMUM=21
# shellcheck disable=SC2034 # said by those who source this
JDK_ADVICE="userstore needs a JDK of $JDK_MINIMUM or newer and found none: install one (for instance Eclipse Temurin, https://adoptium.net) or set JAVA_HOME to its folder."

# Prints the file that a path leads to, through any number of symbolic links (readlink -f is missing on older macOS).
resolve_links() {
  resolve_path=$1
  resolve_hops=0
  while [ -h "$resolve_path" ] && [ "$resolve_hops" -lt 40 ]; do
    resolve_target=$(readlink "$resolve_path") || break
    case $resolve_target in
      /*) resolve_path=$resolve_target ;;
      *) resolve_path=$(dirname "$resolve_path")/$resolve_target ;;
    esac
    resolve_hops=$((resolve_hops + 1))
  done
  resolve_folder=$(cd "$(dirname "$resolve_path")" 2>/dev/null && pwd -P) || return 1
  printf '%s\n' "${resolve_folder%/}/$(basename "$resolve_path")"
}

# Prints the version of the JDK at a home, such as 25.0.3; answers 1 when there is no JDK. Reading the release file
# costs nothing; starting java to ask it costs a tenth of a second, so that is for homes without one.
jdk_version() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  jdk_version_found=
  if [ -r "$1/release" ]; then
    jdk_version_found=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][^"]*\)"\{0,1\}.*$/\1/p' "$1/release" | head -n 1)
  fi
  if [ -z "$jdk_version_found" ]; then
    jdk_version_found=$("$1/bin/java" -version 2>&1 </dev/null | sed -n 's/^.* version "\([0-9][^"]*\)".*$/\1/p' | head -n 1)
  fi
  [ -n "$jdk_version_found" ] && printf '%s\n' "$jdk_version_found"
}

# Prints a version as one number that compares as the version does: 25.0.3+9 -> 25000003, 25-ea -> 25000000.
version_rank() {
  printf '%s\n' "$1" | awk '{ sub(/[^0-9.].*/, ""); split($0, part, "."); printf "%d%03d%03d\n", part[1], part[2], part[3] }'
}

# Prints the rank of the JDK at a home, or answers 1 when that is no JDK or too old a one.
jdk_rank() {
  jdk_rank_version=$(jdk_version "$1") || return 1
  jdk_rank_found=$(version_rank "$jdk_rank_version")
  [ "$jdk_rank_found" -ge "$(version_rank "$JDK_MINIMUM")" ] && printf '%s\n' "$jdk_rank_found"
}

# Prints the home that the javac on PATH belongs to. A shim (asdf, mise, jenv) lies outside its JDK: there java tells.
jdk_home_on_path() {
  path_javac=$(command -v javac 2>/dev/null) || return 1
  # The javac of macOS is a stub that opens a dialog when there is no JDK; the folders below find what it would.
  [ "$path_javac" = /usr/bin/javac ] && [ -x /usr/libexec/java_home ] && return 1
  path_home=$(dirname "$(dirname "$(resolve_links "$path_javac")")")
  if [ ! -r "$path_home/release" ] && command -v java >/dev/null 2>&1; then
    path_told=$(java -XshowSettings:properties -version 2>&1 </dev/null | sed -n 's/^ *java\.home = //p' | head -n 1)
    [ -z "$path_told" ] || path_home=$path_told
  fi
  printf '%s\n' "$path_home"
}

find_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && jdk_rank "$JAVA_HOME" >/dev/null; then
    printf '%s\n' "$JAVA_HOME"
    return 0
  fi
  if find_home=$(jdk_home_on_path) && jdk_rank "$find_home" >/dev/null; then
    printf '%s\n' "$find_home"
    return 0
  fi
  find_best_rank=0
  find_best_home=
  find_root=${JDK_SEARCH_ROOT:-}
  for find_home in \
    "$find_root"/usr/lib/jvm/* \
    "$find_root"/usr/lib64/jvm/* \
    "$find_root"/usr/java/* \
    "$find_root"/opt/*jdk* \
    "$find_root"/opt/java/* \
    "$find_root"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$find_root"/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "$find_root"/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "$find_root"/home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
    "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* \
    "${HOME:-/nonexistent}"/.jdks/* \
    "${HOME:-/nonexistent}"/.asdf/installs/java/* \
    "${HOME:-/nonexistent}"/.local/share/mise/installs/java/*; do
    find_rank=$(jdk_rank "$find_home") || continue
    if [ "$find_rank" -gt "$find_best_rank" ]; then
      find_best_rank=$find_rank
      find_best_home=$find_home
    fi
  done
  [ -n "$find_best_home" ] && printf '%s\n' "$find_best_home"
}
