#!/usr/bin/env bash
# The one entry to the project: sets up what is missing, then does what is asked.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

usage() {
  cat <<'TEXT'
usage: ./run.sh [command]

  dev [args]    serve on http://localhost:8000 (the default); the arguments go to the host,
                such as --urls http://127.0.0.1:5001 or --TaskManager:MaxConcurrency=8
  test [--all] [args]
                build and run every test; with --all the proofs at their long sizes (tens of minutes),
                and those of the library once more in a debug build, which checks its laws at each step;
                the arguments go to dotnet test, such as --filter Name or --filter Proof=model;
                Python, Node.js and promtool, which some tests need, are installed where apt-get may,
                and where not, it says which tests are left out
  init [--dev]  restore and build; with --dev also the tools that developers use
  bench [names] run the benchmarks (about ten minutes) and print a table; names choose some of them,
                such as throughput or http; --save also puts the table into docs/benchmarks.md
  mutate [--all] [names]
                change the code of Lifecycle, Queueing, Admission and Signals, or of the folders of
                TaskManager.Core that are named, in small ways, and report what their tests miss
                (some minutes each, less than 85 % noticed is a failure); with --all the whole of
                TaskManager.Core, part by part (about two hours, less than 70 % noticed is a failure)
  pack [--output folder] [args]
                make the NuGet packages in artifacts/packages, or in a folder of your own;
                the arguments go to dotnet pack
  help          this text
TEXT
}

require_sdk() {
  local wanted
  wanted=$(sed -n 's/.*"version": *"\([0-9]*\)\..*/\1/p' global.json | head -n 1)
  if ! command -v dotnet >/dev/null 2>&1 || ! dotnet --list-sdks 2>/dev/null | grep -q "^${wanted}\."; then
    echo "The .NET ${wanted} SDK is missing. Get it from https://dotnet.microsoft.com/download/dotnet/${wanted}.0," >&2
    echo "or with your system's packages (dotnet-sdk-${wanted}.0), and run this again." >&2
    exit 1
  fi
}

dev() {
  require_sdk
  echo "Building; the first time takes a while." >&2
  dotnet build TaskManager.Api --configuration Release --nologo --verbosity quiet >&2
  # The host itself, not "dotnet run": signals reach it, and its exit code is ours.
  exec dotnet TaskManager.Api/bin/Release/net10.0/TaskManager.Api.dll "$@"
}

has_tool() {
  if [ "$1" = node ]; then # 20 or newer
    node --version 2>/dev/null | grep -Eq '^v([2-9][0-9]|[0-9]{3,})\.'
  else
    command -v "$1" >/dev/null 2>&1
  fi
}

install_tool() {
  local package=$1
  [ "$1" != node ] || package=nodejs
  [ "$1" != promtool ] || package=prometheus
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    return
  fi
  if [ "$package" = prometheus ] && [ -d /run/systemd/system ]; then
    return # its package would start a server here
  fi
  echo "Installing $package for the tests that need $1." >&2
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$package"; } >/dev/null 2>&1 || true
}

# Installs what tests need beside the SDK (their trait "Needs"), and prints a filter that leaves out those whose tool is still missing.
provide_tools() {
  local tool filter=""
  for tool in python3 node promtool; do
    has_tool "$tool" || install_tool "$tool"
    if ! has_tool "$tool"; then
      echo "The tests that need $tool are left out, since it is missing${filter:+ too}." >&2
      filter="${filter:+$filter&}Needs!=$tool"
    fi
  done
  echo "$filter"
}

# Adds up the lines "passed failed skipped" of several runs.
sum_up() {
  local passed failed skipped all_passed=0 all_failed=0 all_skipped=0 runs=0
  while read -r passed failed skipped; do
    all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed)) all_skipped=$((all_skipped + skipped)) runs=$((runs + 1))
  done
  [ "$runs" -eq 0 ] || echo "$all_passed passed, $all_failed failed, $all_skipped skipped"
}

run_tests() {
  require_sdk
  local log results filter="" status=0 laws=""
  if [ "${1:-}" = "--all" ]; then
    export TASKMANAGER_PROOF=all
    laws=checked
    shift
  fi
  case " $* " in
    *" --filter "* | *" --filter="*) laws="" ;; # who names tests gets those
    *) filter=$(provide_tools) ;;
  esac
  log=$(mktemp)
  trap 'rm -f "$log"' RETURN
  dotnet build TaskManager.sln --configuration Release --nologo --verbosity quiet
  dotnet test TaskManager.Tests --configuration Release --no-build --nologo ${filter:+--filter "$filter"} "$@" 2>&1 | tee "$log" || status=$?
  if [ -n "$laws" ]; then
    # The laws are checked in debug builds alone, at each step and of each task: at the small sizes.
    echo "Once more, with the laws checked at each step." >&2
    dotnet build TaskManager.Tests --configuration Debug --nologo --verbosity quiet
    TASKMANAGER_PROOF="" dotnet test TaskManager.Tests --configuration Debug --no-build --nologo \
      --filter "FullyQualifiedName~TaskManager.Tests.Core.|Proof=model|Proof=races" "$@" 2>&1 | tee -a "$log" || status=$?
  fi
  # Each run closes with: Passed!  - Failed: 0, Passed: 12, Skipped: 0, Total: 12, Duration: …
  results=$(sed -n 's/.*Failed: *\([0-9]*\), Passed: *\([0-9]*\), Skipped: *\([0-9]*\),.*/\2 \1 \3/p' "$log" | sum_up)
  if [ -z "$results" ]; then
    echo "No test ran." >&2
    [ "$status" -ne 0 ] || status=1
  fi
  echo "${results:-0 passed, 0 failed, 0 skipped}"
  return "$status"
}

init() {
  require_sdk
  dotnet build TaskManager.sln --configuration Release --nologo --verbosity quiet
  if [ "${1:-}" = "--dev" ]; then
    dotnet tool restore
  fi
}

# The tests that judge a part of the library: those of its folder, those beside it that are about the same, and of what lies in no folder (Core), those of the rules that it is
# made of. All tests of the library would take a night to tell what they miss.
judges_of() {
  local tests="FullyQualifiedName~TaskManager.Tests.Core"
  case "$1" in
    Admission) echo "$tests.Admission.|$tests.SlidingWindowLimiter" ;; # the windows of the limiter
    Storage) echo "$tests.Storage.&FullyQualifiedName!~.Race_" ;; # seconds each, and most changes would be judged by all of them
    Execution) echo "$tests.Execution.|$tests.Engine." ;; # an attempt lives in an engine
    Types) echo "$tests.Types.|$tests.Admission.|FullyQualifiedName~.SubmitFaultTests|FullyQualifiedName~.SampleFaultTests|FullyQualifiedName~.Api.OpenApi." ;; # parameters are checked at the door
    Core) echo "$tests.Lifecycle.|$tests.Admission.|$tests.Types.|$tests.SlidingWindowLimiter|$tests.RateLimitClient|$tests.TaskStates" ;;
    *) echo "$tests.$1." ;;
  esac
}

# Changes a part of the library: the name, then the patterns of its files; further options follow a "--".
mutate_part() {
  local part=$1 patterns=()
  shift
  while [ $# -gt 0 ] && [ "$1" != "--" ]; do
    patterns+=(--mutate "$1")
    shift
  done
  [ $# -eq 0 ] || shift
  # From the folder of the tests: where a solution lies, the tool would take all of its projects.
  # The laws are left out, since only debug builds check them; so are the calls that the configuration names: an assertion is not in a release build, and ConfigureAwait
  # is for applications with a synchronization context.
  # A test that hangs with a change has noticed it, and need not wait as long as on a machine that may be busy with anything.
  (cd TaskManager.Tests && TASKMANAGER_PATIENCE_SECONDS=2 dotnet stryker --config-file ../stryker-config.json --output "../artifacts/mutation/$part" \
    "${patterns[@]}" --mutate '!**/TaskLaws.cs' --test-case-filter "$(judges_of "$part")" "$@")
}

# Counts the changes in reports that have a state, such as Killed.
count_changes() {
  local state=$1
  shift
  { grep -Eoh "\"status\": *\"($state)\"" "$@" || true; } | grep -c . || true
}

mutate_all() {
  local folder noticed missed root=('**/*.cs') reports=()
  for folder in TaskManager.Tests/Core/*/; do
    folder=${folder%/}
    folder=${folder##*/}
    root+=("!**/$folder/*.cs")
    reports+=("artifacts/mutation/$folder/reports/mutation-report.json")
    mutate_part "$folder" "**/$folder/*.cs" -- --break-at 0 || return
  done
  reports+=("artifacts/mutation/Core/reports/mutation-report.json")
  mutate_part Core "${root[@]}" -- --break-at 0 || return
  noticed=$(count_changes 'Killed|Timeout' "${reports[@]}")
  missed=$(count_changes 'Survived|NoCoverage' "${reports[@]}")
  echo "TaskManager.Core as a whole: $noticed of $((noticed + missed)) changes were noticed."
  [ $((noticed * 100)) -ge $(((noticed + missed) * 70)) ]
}

mutate() {
  require_sdk
  local folder status=0
  dotnet tool restore >/dev/null
  if [ "${1:-}" = "--all" ]; then
    mutate_all
    return
  fi
  [ $# -gt 0 ] || set -- Lifecycle Queueing Admission Signals
  for folder in "$@"; do
    if [ ! -d "TaskManager.Tests/Core/$folder" ]; then
      echo "There are no tests of a folder $folder in TaskManager.Tests/Core." >&2
      exit 2
    fi
  done
  for folder in "$@"; do
    mutate_part "$folder" "**/$folder/*.cs" || status=$?
  done
  return "$status"
}

bench() {
  require_sdk
  dotnet build TaskManager.Benchmarks --configuration Release --nologo --verbosity quiet >&2
  # Itself, so that a signal reaches it and it ends the servers that it has started.
  exec dotnet TaskManager.Benchmarks/bin/Release/net10.0/TaskManager.Benchmarks.dll "$@"
}

pack() {
  require_sdk
  local output=artifacts/packages
  if [ "${1:-}" = "--output" ]; then
    output=${2:?a folder must follow --output}
    shift 2
  else
    rm -rf "$output" # what else lies there is of an older version
  fi
  dotnet pack TaskManager.Core --configuration Release --nologo --verbosity quiet --output "$output" "$@"
  dotnet pack TaskManager.AspNetCore --configuration Release --nologo --verbosity quiet --output "$output" "$@"
  ls -1 "$output"
}

command=${1:-dev}
[ $# -eq 0 ] || shift
case "$command" in
  dev) dev "$@" ;;
  test) run_tests "$@" ;;
  init) init "$@" ;;
  mutate) mutate "$@" ;;
  bench) bench "$@" ;;
  pack) pack "$@" ;;
  help | --help | -h) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
