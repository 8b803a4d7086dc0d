# shellcheck shell=bash
# Processes: as whom servers run, how they are told from strangers, and how they end.

# PostgreSQL and MySQL refuse to run as root, so root runs them as this user.
SERVER_USER=${DUNLIN_SERVER_USER:-nobody}

# `run` sets this: its servers then end with it even when it is killed and can't clean up.
SERVERS_END_WITH_US=

# The words that put a command under the servers' user. The environment starts empty, because variables such as PGDATA,
# MYSQL_HOME and LD_LIBRARY_PATH would reach into the servers.
# Usage: server_prefix SIGNAL; it fills the array PREFIX, and SIGNAL is what the command gets if we die.
server_prefix() {
  PREFIX=(setpriv)
  if [[ $UID = 0 ]]; then
    PREFIX+=(--reuid="$(id -u "$SERVER_USER")" --regid="$(id -g "$SERVER_USER")" --clear-groups)
  fi
  if [[ -n $SERVERS_END_WITH_US && -n $1 ]]; then PREFIX+=(--pdeathsig "$1"); else PREFIX+=(--pdeathsig clear); fi
  PREFIX+=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 OPENSSL_CONF=/dev/null)
}

# Runs a command as the servers' user and waits for it.
as_server() {
  local PREFIX
  server_prefix ""
  "${PREFIX[@]}" "$@"
}

# Gives files to the servers' user.
give_to_server() { [[ $UID != 0 ]] || chown -R "$(id -u "$SERVER_USER"):$(id -g "$SERVER_USER")" "$@"; }

# When a process began, in clock ticks: with its id it names a process for good, where the id alone is reused.
# Nothing for a process that is gone, or that has ended and was not waited for.
birth() {
  local stat fields
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[0]} != Z ]] || return 1
  echo "${fields[19]}"
}

record_process() { printf '%s %s\n' "$1" "$(birth "$1")" >"$2"; }

is_alive() {
  local id born
  [[ -e $1 ]] || return 1
  read -r id born <"$1" || return 1
  [[ -n $born && $(birth "$id") = "$born" ]]
}

# Waits up to so many seconds for all of the recorded processes to end.
wait_for_end() {
  local file limit=$((SECONDS + $1))
  shift
  for file in "$@"; do
    while is_alive "$file"; do
      ((SECONDS < limit)) || return 1
      sleep 0.05
    done
  done
}

# Stops recorded servers without ceremony, since their data is thrown away. PostgreSQL is told to end its children and to
# give back its shared memory; the others have nothing to give back.
stop_all() {
  local file id _
  for file in "$@"; do
    is_alive "$file" || continue
    read -r id _ <"$file"
    kill -s "$(stop_signal "$file")" "$id" 2>/dev/null || :
  done
  if wait_for_end 15 "$@"; then return 0; fi
  for file in "$@"; do
    is_alive "$file" || continue
    read -r id _ <"$file"
    say "process $id did not stop when it was told, and is killed"
    kill -KILL "$id" 2>/dev/null || :
  done
  wait_for_end 5 "$@" || :
}

stop_signal() { case ${1##*/} in postgres*) echo QUIT ;; *) echo KILL ;; esac; }

# Ends process groups of ours: asks first, and ten seconds later doesn't ask. Usage: end_groups SIGNAL GROUP...
end_groups() {
  local signal=$1 group limit=$((SECONDS + 10))
  shift
  for group in "$@"; do kill -s "$signal" -- "-$group" 2>/dev/null || :; done
  for group in "$@"; do
    while kill -0 -- "-$group" 2>/dev/null; do
      if ((SECONDS >= limit)); then kill -KILL -- "-$group" 2>/dev/null || :; fi
      sleep 0.05
    done
  done
}

# Runs the command of `run` in a process group of its own. Then a signal reaches us at once, where bash would wait for a
# command in the foreground, and reaches the whole of the command: cargo, and the tests that it has started.
run_command() {
  local group
  set -m
  "$@" </dev/null &
  group=$!
  set +m
  # shellcheck disable=SC2064
  trap "end_groups HUP $group; exit 129" HUP
  # shellcheck disable=SC2064
  trap "end_groups INT $group; exit 130" INT
  # shellcheck disable=SC2064
  trap "end_groups TERM $group; exit 143" TERM
  wait "$group"
}

# A port of 127.0.0.1 on which nothing listens, below the range that the system hands out by itself. Somebody may take it
# before the server does; the start then tries another.
free_port() {
  local port
  while :; do
    port=$((15000 + RANDOM % 17000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# Starts a server and records it. Usage: launch NAME COMMAND...
# It gets a session of its own: what a terminal sends to us must not reach it before the tests have ended.
launch() {
  local name=$1 PREFIX
  shift
  server_prefix "$(stop_signal "$name")"
  setsid "${PREFIX[@]}" "$@" </dev/null >>"$INSTANCE/$name.log" 2>&1 &
  record_process $! "$INSTANCE/$name.process"
  disown
}

# Starts all, then waits for each.
start_all() {
  local name
  for name in "$@"; do fill_data "$name"; start "$name"; done
  for name in "$@"; do wait_until_ready "$name"; done
}

# Starts one server on a port that seems free.
start() {
  local COMMAND
  free_port >"$INSTANCE/$1.port"
  : >"$INSTANCE/$1.log"
  "${1%%[0-9]*}_command" "$1"
  launch "$1" "${COMMAND[@]}"
}

# A server that ended because its port was taken meanwhile is started again on another.
wait_until_ready() {
  local name=$1 limit=$((SECONDS + 120)) retries=5
  until "${name%%[0-9]*}_is_ready" "$name"; do
    if ! is_alive "$INSTANCE/$name.process"; then
      if ((retries-- > 0)) && grep -qi 'address already in use' "$INSTANCE/$name.log"; then
        start "$name"
        continue
      fi
      tail -n 30 "$INSTANCE/$name.log" >&2
      die "$name ended while it started"
    fi
    if ((SECONDS >= limit)); then
      tail -n 30 "$INSTANCE/$name.log" >&2
      die "$name was not ready in time"
    fi
    sleep 0.05
  done
}
