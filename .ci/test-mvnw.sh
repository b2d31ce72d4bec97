#!/bin/sh
# Tests mvnw and userstore in seconds, without Java, Maven or a network: fake ones lie in folders of a temporary
# directory, and PATH has nothing else but a few tools.
#
#   sh .ci/test-mvnw.sh                                        with sh
#   SHELL_UNDER_TEST='busybox sh' sh .ci/test-mvnw.sh          with another shell

set -u

shell=${SHELL_UNDER_TEST:-sh}
source_root=$(cd "$(dirname "$0")/.." && pwd -P)
work=$(cd "$(mktemp -d "${TMPDIR:-/tmp}/test-mvnw.XXXXXX")" && pwd -P)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

unset MAVEN_DIST_URL MVNW_DEPTH MAVEN_OPTS USERSTORE_JAVA_OPTS

passed=0
failed=0

# --- What the sentences below are about -------------------------------------------------------------------------------

# A clean place: a project in a folder with a space, an empty home, no JDK anywhere, nothing on PATH but the tools.
begin() {
  sentence=$1
  rm -rf "$work"/case
  project="$work/case/my project"
  home=$work/case/home
  system=$work/case/system
  tools=$work/case/tools
  mkdir -p "$project/.mvn" "$project/standalone/src/main/java" "$home" "$system" "$tools"
  cp "$source_root/mvnw" "$source_root/userstore" "$project/"
  cp "$source_root/.mvn/find-jdk.sh" "$project/.mvn/"
  : >"$project/pom.xml"
  : >"$project/standalone/pom.xml"
  : >"$project/standalone/src/main/java/Standalone.java"
  for tool in awk basename cat cut dirname find gzip head mkdir mv openssl readlink rm sed sha512sum shasum tar touch; do
    if tool_path=$(command -v "$tool") && [ -x "$tool_path" ]; then
      ln -s "$tool_path" "$tools/$tool"
    fi
  done
  for tool in ${shell%% *} sh; do
    [ -e "$tools/${tool##*/}" ] || ln -s "$(command -v "$tool")" "$tools/${tool##*/}"
  done
  path=$tools
  java_home=
  cwd=$project
}

# a_jdk HOME VERSION: a folder that looks like a JDK; its java tells how it was called.
a_jdk() {
  mkdir -p "$1/bin"
  printf 'IMPLEMENTOR="Nobody"\nJAVA_RUNTIME_VERSION="%s+1"\nJAVA_VERSION="%s"\nJAVA_VERSION_DATE="2026-01-01"\n' "$2" "$2" >"$1/release"
  cat >"$1/bin/java" <<FAKE
#!/bin/sh
case "\$*" in
  '-XshowSettings:properties -version') printf 'Property settings:\n    java.home = %s\n' '$1' >&2; exit ;;
  -version) printf 'openjdk version "%s" 2026-01-01\nOpenJDK Runtime Environment\n' '$2' >&2; exit ;;
esac
printf 'java of %s in %s:' '$1' "\$(pwd -P)"
printf ' <%s>' "\$@"
echo
FAKE
  printf '#!/bin/sh\n' >"$1/bin/javac"
  chmod +x "$1/bin/java" "$1/bin/javac"
}

# a_maven HOME VERSION: a folder that looks like a Maven; its mvn tells how it was called and what is built into jars.
a_maven() {
  mkdir -p "$1/bin" "$1/lib"
  : >"$1/lib/maven-core-$2.jar"
  cat >"$1/bin/mvn" <<FAKE
#!/bin/sh
printf 'Maven $2 with %s in %s:' "\$JAVA_HOME" "\$(pwd -P)"
printf ' <%s>' "\$@"
echo " with flags \${MAVEN_OPTS:-none}"
case " \$* " in
  *' package '*)
    [ ! -e breakage ] || exit 1
    mkdir -p standalone/target cli/target
    : >standalone/target/userstore-standalone.jar
    : >cli/target/userstore-cli.jar
    ;;
  *' fail '*) exit 7 ;;
esac
FAKE
  chmod +x "$1/bin/mvn"
}

# An archive of a Maven as the mirrors serve it, whose checksum is pinned in the project's mvnw.
a_release() {
  version=$(sed -n 's/^MAVEN_VERSION=//p' "$source_root/mvnw")
  a_maven "$work/case/release/apache-maven-$version" "$version"
  served=$work/case/served.tar.gz
  (cd "$work/case/release" && tar -cf - "apache-maven-$version" | gzip >"$served")
  sum=$( (sha512sum "$served" || shasum -a 512 "$served") 2>/dev/null | cut -d ' ' -f 1)
  [ -n "$sum" ] || sum=$(openssl dgst -sha512 "$served" | sed 's/^.*= *//')
  sed "s/^MAVEN_SHA512=.*/MAVEN_SHA512=$sum/" "$source_root/mvnw" >"$project/mvnw"
  chmod +x "$project/mvnw"
  installed=$home/.m2/userstore-maven/apache-maven-$version
}

# a_downloader curl|wget: serves that archive, or fails for the addresses that $work/case/down has a pattern of.
a_downloader() {
  case $1 in
    curl) output=-o ;;
    wget) output=-O ;;
  esac
  cat >"$tools/$1" <<FAKE
#!/bin/sh
to=
for argument in "\$@"; do
  [ "\$to" != next ] || to=\$argument
  [ "\$argument" != $output ] || to=next
  url=\$argument
done
echo "\$url" >>'$work/case/asked'
if [ -e '$work/case/down' ]; then
  while read -r host; do case \$url in *"\$host"*) exit 22 ;; esac; done <'$work/case/down'
fi
cat '$served' >"\$to"
FAKE
  chmod +x "$tools/$1"
}

# run SCRIPT ARGUMENT…: leaves what it printed in $out (both streams) and its answer in $status.
run() {
  script=$1
  shift
  # The shell may be two words.
  # shellcheck disable=SC2086
  out=$(cd "$cwd" && env -u JAVA_HOME -u MAVEN_USER_HOME -u MVNW_VERBOSE ${java_home:+"JAVA_HOME=$java_home"} \
    HOME="$home" JDK_SEARCH_ROOT="$system" PATH="$path" $shell "$script" "$@" 2>&1 </dev/null)
  status=$?
}

mvnw() { run "$project/mvnw" "$@"; }
userstore() { run "$project/userstore" "$@"; }

# --- Checks -----------------------------------------------------------------------------------------------------------

fault() {
  printf 'FAILED %s\n       %s\n' "$sentence" "$1"
  printf '%s\n' "$out" | sed 's/^/       | /'
  faults=$((faults + 1))
}
answers() { [ "$status" -eq "$1" ] || fault "answered $status, not $1"; }
prints() { case $out in *"$1"*) ;; *) fault "did not print: $1" ;; esac; }
prints_not() { case $out in *"$1"*) fault "printed: $1" ;; esac; }
prints_lines() { [ "$(printf '%s\n' "$out" | awk 'END { print NR }')" -eq "$1" ] || fault "did not print $1 line(s)"; }
asked_times() {
  asked=0
  [ ! -f "$work/case/asked" ] || asked=$(awk 'END { print NR }' "$work/case/asked")
  [ "$asked" -eq "$1" ] || fault "downloaded $asked time(s), not $1"
}
is_absent() { [ ! -e "$1" ] || fault "is there: $1"; }

# it SENTENCE FUNCTION
it() {
  faults=0
  out=
  begin "$1"
  "$2"
  if [ "$faults" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# --- Which JDK --------------------------------------------------------------------------------------------------------

java_home_wins() {
  a_maven "$home/maven" 3.9.1 && path=$home/maven/bin:$tools
  a_jdk "$home/jdk 21" 21.0.4
  a_jdk "$system/usr/lib/jvm/temurin-25" 25.0.1
  java_home="$home/jdk 21"
  mvnw verify
  answers 0
  prints "Maven 3.9.1 with $home/jdk 21 in $project: <verify>"
  prints_lines 1
}
old_java_home_is_passed_over() {
  a_maven "$home/maven" 3.9.1
  a_jdk "$home/jdk17" 17.0.15
  a_jdk "$home/jdk21" 21
  ln -s "$home/jdk21/bin/java" "$tools/java"
  ln -s "$home/jdk21/bin/javac" "$tools/javac"
  a_jdk "$system/usr/lib/jvm/temurin-25" 25.0.1
  java_home=$home/jdk17
  path=$home/maven/bin:$tools
  mvnw verify
  prints "with $home/jdk21 in"
}
newest_of_the_folders_wins() {
  a_maven "$home/maven" 3.9.1
  a_jdk "$home/jdk17" 17.0.15
  a_jdk "$system/usr/lib/jvm/java-21" 21.0.11
  a_jdk "$system/usr/lib/jvm/java-8" 1.8.0_492
  a_jdk "$home/.sdkman/candidates/java/25.0.10-tem" 25.0.10
  a_jdk "$system/opt/my-jdk-25" 25.0.9
  path=$home/maven/bin:$tools:$home/jdk17/bin
  mvnw verify
  prints "with $home/.sdkman/candidates/java/25.0.10-tem in"
}
macos_folders_are_searched() {
  a_maven "$home/maven" 3.9.1 && path=$home/maven/bin:$tools
  a_jdk "$system/Library/Java/JavaVirtualMachines/temurin-21.jdk/Contents/Home" 21.0.2
  mvnw verify
  prints "with $system/Library/Java/JavaVirtualMachines/temurin-21.jdk/Contents/Home in"
}
a_jre_is_passed_over() {
  a_maven "$home/maven" 3.9.1 && path=$home/maven/bin:$tools
  a_jdk "$system/usr/lib/jvm/jre-25" 25.0.1
  rm "$system/usr/lib/jvm/jre-25/bin/javac"
  a_jdk "$system/usr/lib/jvm/jdk-22" 22
  mvnw verify
  prints "with $system/usr/lib/jvm/jdk-22 in"
}
without_release_file_java_is_asked() {
  a_maven "$home/maven" 3.9.1 && path=$home/maven/bin:$tools
  a_jdk "$system/usr/java/old" 20.0.2
  a_jdk "$system/usr/java/new" 26-ea
  rm "$system/usr/java/old/release" "$system/usr/java/new/release"
  mvnw verify
  prints "with $system/usr/java/new in"
}
behind_a_shim_java_tells_its_home() {
  a_maven "$home/maven" 3.9.1
  a_jdk "$home/versions/24" 24.0.1
  mkdir "$home/shims"
  for program in java javac; do
    printf '#!/bin/sh\nexec "%s" "$@"\n' "$home/versions/24/bin/$program" >"$home/shims/$program"
    chmod +x "$home/shims/$program"
  done
  path=$home/shims:$home/maven/bin:$tools
  mvnw verify
  prints "with $home/versions/24 in"
}
without_a_jdk_one_sentence_helps() {
  a_maven "$home/maven" 3.9.1 && path=$home/maven/bin:$tools
  a_jdk "$system/usr/lib/jvm/java-17" 17.0.15
  mvnw verify
  answers 1
  prints 'userstore needs a JDK of 21 or newer and found none'
  prints_lines 1
}

# --- Which Maven ------------------------------------------------------------------------------------------------------

old_maven_is_passed_over() {
  a_jdk "$system/usr/lib/jvm/25" 25
  a_maven "$home/old" 3.6.3
  a_maven "$home/new" 3.10.0
  path=$home/old/bin:$home/new/bin:$tools
  mvnw verify
  prints 'Maven 3.10.0 with'
}
maven_is_asked_for_its_version() {
  a_jdk "$system/usr/lib/jvm/25" 25
  a_maven "$home/maven" 3.x
  # shellcheck disable=SC2016 # for the fake to expand
  printf '#!/bin/sh\n[ "$1" = -v ] && printf "\\033[1mApache Maven 4.0.1 (abc)\\033[m\\n" || echo Maven 4 runs\n' >"$home/maven/bin/mvn"
  path=$home/maven/bin:$tools
  mvnw verify
  prints 'Maven 4 runs'
  asked_times 0
}
maven_is_downloaded_once() {
  a_jdk "$system/usr/lib/jvm/25" 25
  a_release
  a_downloader curl
  mvnw -B verify
  answers 0
  prints "Maven $version with $system/usr/lib/jvm/25 in $project: <-B> <verify>"
  asked_times 1
  mvnw verify
  answers 0
  prints_lines 1
  asked_times 1
  [ "$(find "$home/.m2/userstore-maven" -mindepth 1 -maxdepth 1 | awk 'END { print NR }')" -eq 1 ] || fault 'left something beside Maven'
}
maven_user_home_is_respected() {
  a_jdk "$system/usr/lib/jvm/25" 25
  a_release
  a_downloader curl
  out=$(cd "$project" && MAVEN_USER_HOME="$home/else where" HOME="$home" JDK_SEARCH_ROOT="$system" PATH="$tools" ./mvnw verify 2>&1)
  [ -x "$home/else where/userstore-maven/apache-maven-$version/bin/mvn" ] || fault 'did not put Maven into MAVEN_USER_HOME'
  is_absent "$home/.m2"
}
wget_does_as_well() {
  a_jdk "$system/usr/lib/jvm/25" 25
  a_release
  a_downloader wget
  mvnw verify
  answers 0
  prints "Maven $version with"
}
the_archive_is_the_second_address() {
  a_jdk "$system/usr/lib/jvm/25" 25
  a_release
  a_downloader curl
  echo dlcdn.apache.org >"$work/case/down"
  mvnw verify
  answers 0
  prints "Maven $version with"
  asked_times 2
}
without_a_network_one_sentence_helps() {
  a_jdk "$system/usr/lib/jvm/25" 25
  a_release
  a_downloader curl
  echo apache.org >"$work/case/down"
  mvnw verify
  answers 1
  prints 'could not be downloaded: install Maven 3.8 or newer'
  is_absent "$installed"
}
a_corrupted_download_is_refused() {
  a_jdk "$system/usr/lib/jvm/25" 25
  a_release
  a_downloader curl
  printf x >>"$served"
  mvnw verify
  answers 1
  prints 'Refused https://dlcdn.apache.org/maven/maven-3/'
  prints_not "Maven $version with"
  is_absent "$installed"
  [ -z "$(find "$home/.m2/userstore-maven" -mindepth 1)" ] || fault 'left something of the refused download'
}
neither_curl_nor_wget() {
  a_jdk "$system/usr/lib/jvm/25" 25
  mvnw verify
  answers 1
  prints 'there is neither curl nor wget'
  prints_not 'command not found'
}
a_mvn_that_is_mvnw_is_passed_over() {
  a_jdk "$system/usr/lib/jvm/25" 25
  a_release
  a_downloader curl
  ln -s "$project/mvnw" "$tools/mvn"
  mvnw verify
  answers 0
  prints "Maven $version with"
  asked_times 1
}
a_mvn_that_calls_mvnw_ends() {
  a_jdk "$system/usr/lib/jvm/25" 25
  a_release
  a_downloader curl
  printf '#!/bin/sh\necho once more >>"%s/rounds"\nexec "%s/mvnw" "$@"\n' "$work/case" "$project" >"$tools/mvn"
  chmod +x "$tools/mvn"
  mvnw verify
  answers 0
  prints "Maven $version with"
  prints ': <verify>'
  [ "$(awk 'END { print NR }' "$work/case/rounds")" -le 3 ] || fault 'went round too often'
}

# --- Where and how Maven runs -----------------------------------------------------------------------------------------

a_project() {
  a_jdk "$system/usr/lib/jvm/25" 25
  a_maven "$home/maven" 3.9.1
  path=$home/maven/bin:$tools
}
from_elsewhere_the_project_is_meant() {
  a_project
  cwd=$home
  mvnw verify
  prints "in $project: <verify>"
}
from_a_module_the_module_is_meant() {
  a_project
  cwd=$project/standalone
  mvnw verify
  prints "in $project/standalone: <verify>"
}
a_named_pom_is_relative_to_the_caller() {
  a_project
  cwd=$home
  mvnw -f other/pom.xml verify
  prints "in $home: <-f> <other/pom.xml> <verify>"
  mvnw -fae verify
  prints "in $project: <-fae> <verify>"
}
arguments_stay_whole() {
  a_project
  # shellcheck disable=SC2016 # it shall not be expanded
  mvnw -pl 'a b' '-Dx=*' '$HOME' ''
  prints "in $project: <-pl> <a b> <-Dx=*> <\$HOME> <>"
}
through_a_link_it_finds_its_project() {
  a_project
  ln -s "my project/mvnw" "$work/case/build"
  cwd=$home
  run "$work/case/build" verify
  prints "in $project: <verify>"
}
the_answer_is_mavens() {
  a_project
  mvnw fail
  answers 7
}
warnings_about_maven_are_off() {
  a_project
  out=$(cd "$project" && MAVEN_OPTS=-Xmx1g HOME="$home" JDK_SEARCH_ROOT="$system" PATH="$path" ./mvnw verify 2>&1)
  prints 'with flags --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED -Xmx1g'
  a_jdk "$home/21" 21.0.4
  java_home=$home/21
  mvnw verify
  prints 'with flags none'
}
verbose_tells_what_was_chosen() {
  a_project
  out=$(cd "$project" && MVNW_VERBOSE=1 HOME="$home" JDK_SEARCH_ROOT="$system" PATH="$path" ./mvnw verify 2>&1)
  prints "mvnw: JDK 25, $system/usr/lib/jvm/25"
  prints "mvnw: Maven 3.9.1, $home/maven/bin/mvn"
}

# --- userstore --------------------------------------------------------------------------------------------------------

it_builds_and_runs() {
  a_project
  cwd=$home
  userstore --server.port=9000 '--a=b c'
  answers 0
  prints 'Building userstore'
  prints "in $project: <-q> <-B> <-DskipTests> <-pl> <standalone> <-am> <package>"
  prints "java of $system/usr/lib/jvm/25 in $project: <-Xms64m>"
  prints "<-jar> <standalone/target/userstore-standalone.jar> <--server.port=9000> <--a=b c>"
}
it_builds_only_what_is_stale() {
  a_project
  userstore
  userstore
  prints_not 'Building'
  prints_lines 1
  touch -t 203801010000 "$project/standalone/src/main/java/Standalone.java"
  userstore
  prints 'Building'
}
a_deleted_source_counts_as_a_change() {
  a_project
  userstore
  rm "$project/standalone/src/main/java/Standalone.java"
  touch -t 203801010000 "$project/standalone/src/main/java"
  userstore
  prints 'Building'
}
a_jar_built_by_hand_will_do() {
  a_project
  mvnw package
  userstore
  prints_not 'Building'
}
a_broken_build_is_not_run() {
  a_project
  userstore
  touch -t 203801010000 "$project/pom.xml"
  : >"$project/breakage"
  userstore
  answers 1
  prints 'the build failed'
  prints_not 'java of'
}
the_jvm_flags_can_be_replaced() {
  a_project
  userstore
  out=$(cd "$project" && USERSTORE_JAVA_OPTS='-Xmx1g -Da=b' HOME="$home" JDK_SEARCH_ROOT="$system" PATH="$path" ./userstore 2>&1)
  prints ': <-Xmx1g> <-Da=b> <-jar>'
}
help_needs_nothing() {
  userstore --help
  answers 0
  prints 'userstore.data-directory'
  prints 'USERSTORE_SECRET_KEY'
}
import_is_built_and_run_where_it_is_called() {
  a_project
  cwd=$home
  userstore import 'my users.ndjson' --dry-run
  answers 0
  prints '<-pl> <cli> <-am> <package>'
  prints "in $home:"
  prints "<-Duserstore.home=$project> <-Duserstore.terminal=false> <-jar> <$project/cli/target/userstore-cli.jar> <import> <my users.ndjson> <--dry-run>"
  userstore export
  prints_not 'Building'
  prints '<export>'
}
help_of_a_command_is_its_own() {
  a_project
  userstore import --help
  prints '<import> <--help>'
  userstore --help
  prints './userstore import FILE'
  prints './userstore export [FILE]'
}
userstore_without_a_jdk() {
  userstore
  answers 1
  prints 'needs a JDK of 21 or newer'
  prints_lines 1
}

it 'JAVA_HOME wins when it qualifies' java_home_wins
it 'a JAVA_HOME too old is passed over for the JDK on PATH' old_java_home_is_passed_over
it 'the newest JDK of the install folders wins' newest_of_the_folders_wins
it 'the folders of macOS are searched' macos_folders_are_searched
it 'a JRE is passed over' a_jre_is_passed_over
it 'without a release file java is asked' without_release_file_java_is_asked
it 'behind a shim java tells its home' behind_a_shim_java_tells_its_home
it 'without a JDK one sentence helps' without_a_jdk_one_sentence_helps
it 'a Maven too old is passed over for the next on PATH' old_maven_is_passed_over
it 'a Maven whose files bear no version is asked' maven_is_asked_for_its_version
it 'Maven is downloaded once' maven_is_downloaded_once
it 'MAVEN_USER_HOME is respected' maven_user_home_is_respected
it 'wget does as well as curl' wget_does_as_well
it 'the archive is the second address' the_archive_is_the_second_address
it 'without a network one sentence helps' without_a_network_one_sentence_helps
it 'a corrupted download is refused and leaves nothing' a_corrupted_download_is_refused
it 'with neither curl nor wget one sentence helps' neither_curl_nor_wget
it 'a mvn that is a link to mvnw is passed over' a_mvn_that_is_mvnw_is_passed_over
it 'a mvn that calls mvnw does not go in circles' a_mvn_that_calls_mvnw_ends
it 'from elsewhere the project is meant' from_elsewhere_the_project_is_meant
it 'from a module the module is meant' from_a_module_the_module_is_meant
it 'a named pom is relative to the caller' a_named_pom_is_relative_to_the_caller
it 'arguments stay whole' arguments_stay_whole
it 'through a link it finds its project' through_a_link_it_finds_its_project
it 'the answer is that of Maven' the_answer_is_mavens
it 'the warnings of a new JDK about Maven are off' warnings_about_maven_are_off
it 'MVNW_VERBOSE tells what was chosen' verbose_tells_what_was_chosen
it 'userstore builds and runs' it_builds_and_runs
it 'userstore builds only what is stale' it_builds_only_what_is_stale
it 'userstore takes a deleted source for a change' a_deleted_source_counts_as_a_change
it 'userstore takes a jar that was built by hand' a_jar_built_by_hand_will_do
it 'userstore does not run after a broken build' a_broken_build_is_not_run
it 'userstore takes other flags for the JVM' the_jvm_flags_can_be_replaced
it 'userstore --help needs nothing' help_needs_nothing
it 'userstore import is built and run where it is called' import_is_built_and_run_where_it_is_called
it 'userstore import --help is that of the command' help_of_a_command_is_its_own
it 'userstore without a JDK says what to install' userstore_without_a_jdk

printf 'mvnw and userstore with %s\n%s passed, %s failed\n' "$shell" "$passed" "$failed"
[ "$failed" -eq 0 ]
