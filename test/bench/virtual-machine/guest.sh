#!/bin/busybox sh
# The guest's whole life: memory of agents, each in a memory cgroup of its own, cgroup version $version of the kernel's command line.
# Prints `RESULT {json}` for each agent, at first as the first of its image on this machine, then as the next one.
export PATH=/bin:/usr/local/bin HOME=/tmp
mount -t tmpfs tmpfs /tmp
ip link set lo up
version=$(grep -o 'cgroup_version=[12]' /proc/cmdline | cut -d= -f2)
groups=/sys/fs/cgroup
if [ "$version" = 2 ]; then
  mount -t cgroup2 none $groups
  echo +memory >$groups/cgroup.subtree_control
else
  mount -t cgroup -o memory none $groups
fi

# read_stat GROUP NAME: a line of memory.stat.
read_stat() { awk -v name="$2" '$1 == name { print $2 }' "$groups/$1/memory.stat"; }

# wait_for SECONDS COMMAND: until it is true.
wait_for() {
  left=$1 && shift
  until "$@"; do
    left=$((left - 1)) && [ "$left" -gt 0 ] || { echo "FAILED waiting for $*" && poweroff -f; }
    sleep 1
  done
}

count_processes() { wc -l <"$groups/$1/cgroup.procs"; }
is_alone() { [ "$(count_processes "$1")" -le 1 ]; }
is_rendered() { [ -s "/tmp/$1/secret" ]; }

# report AGENT WHICH GROUP: what the group holds now.
report() {
  if [ "$version" = 2 ]; then
    usage=$(cat "$groups/$3/memory.current") peak=$(cat "$groups/$3/memory.peak" 2>/dev/null || echo null) anonymous=$(read_stat "$3" anon)
    inactive=$(read_stat "$3" inactive_file)
  else
    usage=$(cat "$groups/$3/memory.usage_in_bytes") peak=$(cat "$groups/$3/memory.max_usage_in_bytes") anonymous=$(read_stat "$3" rss)
    inactive=$(read_stat "$3" total_inactive_file)
  fi
  echo "RESULT {\"contender\":\"$1\",\"version\":$version,\"which\":\"$2\",\"usage\":$usage,\"workingSet\":$((usage - inactive)),\"anonymous\":$anonymous,\"peak\":$peak,\"processes\":$(count_processes "$3")}"
}

# start GROUP COMMAND...: in that group from its first page on.
start() {
  group=$1 && shift
  mkdir -p "$groups/$group"
  (echo 0 >"$groups/$group/cgroup.procs" && exec "$@") >"/tmp/$group.log" 2>&1 &
  started=$!
}

# measure AGENT WHICH CONFIG COMMAND...: ten steps after the first render, then at rest.
measure() {
  agent=$1 which=$2 group=$1-$2 && shift 2
  mkdir -p "/tmp/$group"
  sed "s#DIRECTORY#/tmp/$group#" "/config/$agent.json" >"/tmp/$group/config.json"
  CLAVIGER_STATUS_FILE=/tmp/$group/status start "$group" "$@" "-config=/tmp/$group/config.json"
  wait_for 120 is_rendered "$group"
  if [ "$agent" = vaultAgent ]; then
    sleep 20 # It reads once a second.
  else
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      sleep 2
      [ "$agent" = claviger ] || wait_for 60 is_alone "$group"
      kill -HUP "$started"
    done
    sleep 5
    [ "$agent" = claviger ] || wait_for 60 is_alone "$group"
  fi
  sleep 2
  report "$agent" "$which" "$group"
  kill "$started"
  wait "$started"
}

start store /store/node /claviger/claviger.cjs dev -listen=127.0.0.1:8200 -data=/tmp/dev
wait_for 60 grep -q Address /tmp/store.log
/store/node -e 'fetch("http://127.0.0.1:8200/v1/secret/data/app", { method: "POST", headers: { "X-Vault-Token": require("node:fs").readFileSync("/tmp/dev/root-token", "utf8").trim() }, body: JSON.stringify({ data: { password: "bench" } }) }).then(({ status }) => status === 200 || console.log("FAILED to write", status))'
sync
for agent in $(cat /config/agents); do
  echo 3 >/proc/sys/vm/drop_caches
  measure "$agent" first $(cat "/config/$agent.command")
  measure "$agent" next $(cat "/config/$agent.command")
done
poweroff -f
