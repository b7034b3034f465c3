#!/usr/bin/env bash
# A private Docker engine for trying Gantry and for its tests, for a machine where no engine answers. Debian or Ubuntu, as root.
#
#   setup/engine.sh up             installs docker.io where it is missing and starts the engine; does nothing where it answers
#   setup/engine.sh down           ends it and all that it runs; its images and volumes stay for the next time
#   setup/engine.sh down --purge   and removes those as well
#
# Socket, data, containerd namespace, bridge, addresses and cgroup are its own, so an engine that is there, or comes later, is not met.
set -euo pipefail

run=/run/gantry-engine # short, since the path of a unix socket ends at 107 bytes
data=/var/lib/gantry-engine
socket=$run/docker.sock
name=gantry-engine # of the containerd namespace and of the cgroup
bridge=gantry0
bridge_address=10.183.255.1/24
pool=10.176.0.0/13
ours='10\.(17[6-9]|18[0-3])\.' # the pool, as a pattern

answers() {
  [ -S "$socket" ] && [ "$(curl --silent --max-time 5 --unix-socket "$socket" http://engine/_ping)" = OK ]
}

running() {
  local pid
  pid=$(cat "$run/pid" 2>/dev/null) && [ -n "$pid" ] && grep --quiet --text dockerd "/proc/$pid/cmdline" 2>/dev/null
}

install() {
  local missing=() command
  for command in dockerd:docker.io ip:iproute2 iptables:iptables curl:curl ps:procps; do # the engine lists processes by ps
    command -v "${command%%:*}" >/dev/null || missing+=("${command##*:}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  # An installed docker.io would start an engine of the machine's own.
  "$(dirname "$0")/install.sh" "${missing[@]}"
}

# What an engine that was killed leaves: shims with their containers, mounts, bridges, cgroups.
sweep() {
  local file line pid
  for file in /proc/[0-9]*/cmdline; do
    line=$(tr '\0' ' ' 2>/dev/null <"$file") || continue
    pid=${file#/proc/} pid=${pid%/cmdline}
    case $line in
    *containerd-shim*" -namespace $name "*) kill -9 $(cat "/proc/$pid/task/$pid/children") "$pid" 2>/dev/null || true ;;
    *"containerd --config $run/exec/"*) kill -9 "$pid" 2>/dev/null || true ;;
    esac
  done
  awk -v run="$run/" -v data="$data" 'index($5, run) == 1 || index($5, data) == 1 { print $5 }' /proc/self/mountinfo |
    sort --reverse | while read -r mount; do umount --lazy "$mount" 2>/dev/null || true; done
  if command -v ip >/dev/null; then
    ip -o -4 address show type bridge | awk -v ours="^$ours" '$4 ~ ours { print $2 }' |
      while read -r link; do ip link delete "$link"; done
  fi
  find /sys/fs/cgroup -depth -type d -path "*/$name*" -exec rmdir {} + 2>/dev/null || true
  rm -rf "$run"
}

# Containers need a cgroup mount, and a machine without an init system may have none. In a container on cgroup v2 the controllers can
# only be handed on when no process is left in the root group (kernel documentation, cgroup-v2, "no internal process constraint").
cgroups() {
  local root=/sys/fs/cgroup
  grep --quiet " $root" /proc/self/mountinfo || mount -t cgroup2 none "$root"
  [ -e "$root/cgroup.controllers" ] && [ -e "$root/cgroup.type" ] || return 0
  mkdir -p "$root/init"
  xargs -rn1 <"$root/cgroup.procs" >"$root/init/cgroup.procs" 2>/dev/null || true
  sed 's/ / +/g; s/^/+/' "$root/cgroup.controllers" >"$root/cgroup.subtree_control" || true
}

# An engine flushes the chains called DOCKER in its firewall backend when it starts, another engine's too. Beside another engine ours
# takes the backend that is free, and its networks are let through the other's filter in the chain that is the user's.
firewall() {
  mkdir -p "$run/bin"
  cat /proc/[0-9]*/comm 2>/dev/null | grep --quiet --line-regexp dockerd && iptables -t nat -n -L DOCKER >/dev/null 2>&1 || return 0
  command -v iptables-legacy >/dev/null && ! iptables-legacy -t nat -n -L DOCKER >/dev/null 2>&1 || return 0
  local tool verb
  for tool in iptables ip6tables; do
    for verb in '' -save -restore; do ln -s "$(command -v "$tool-legacy$verb")" "$run/bin/$tool$verb"; done
  done
  iptables -n -L DOCKER-USER >/dev/null 2>&1 || return 0
  for tool in -s -d; do
    iptables -C DOCKER-USER $tool "$pool" -j ACCEPT 2>/dev/null || iptables -I DOCKER-USER $tool "$pool" -j ACCEPT
  done
}

# Rules that name our bridges or addresses; the chains stay, as they do when Docker is removed.
close_firewall() {
  local tools=(iptables) tool table links rule
  [ ! -e "$run/bin/iptables" ] || tools+=(iptables-legacy)
  links=$(ip -o -4 address show type bridge | awk -v ours="^$ours" '$4 ~ ours { printf "|%s", $2 }')
  for tool in "${tools[@]}"; do
    for table in nat filter; do
      "$tool" -t "$table" -S | { grep -E "$ours$links" || true; } | sed -n 's/^-A/-D/p' |
        while read -r rule; do eval "$tool -t $table $rule" || true; done
    done
  done 2>/dev/null
}

start() {
  cgroups
  mkdir -p "$run" "$data"
  firewall
  echo '{}' >"$run/daemon.json" # so that the machine's /etc/docker/daemon.json is not read
  # With --bridge, an engine that starts on used data removes docker0 (seen with 20.10 and 28.5), which may be another engine's.
  local docker0 members member
  docker0=$(ip -o -4 address show dev docker0 2>/dev/null | awk '{ print $4; exit }' || true)
  members=$(ip -o link show master docker0 2>/dev/null | awk -F'[ :@]+' '{ print $2 }' || true)
  ip link show "$bridge" >/dev/null 2>&1 || ip link add "$bridge" type bridge
  ip address replace "$bridge_address" dev "$bridge"
  ip link set "$bridge" up
  PATH=$run/bin:$PATH:/usr/sbin:/sbin setsid dockerd --config-file "$run/daemon.json" --host "unix://$socket" \
    --data-root "$data" --exec-root "$run/exec" --pidfile "$run/pid" --cgroup-parent "/$name" \
    --containerd-namespace "$name" --containerd-plugins-namespace "$name-plugins" \
    --bridge "$bridge" --default-address-pool "base=$pool,size=24" --log-level warn \
    </dev/null >"$run/log" 2>&1 9>&- &
  local dockerd=$! tries
  for tries in $(seq 600); do
    ! answers || break
    kill -0 "$dockerd" 2>/dev/null || break
    sleep 0.1
  done
  if [ -n "$docker0" ] && ! ip link show docker0 >/dev/null 2>&1; then
    ip link add docker0 type bridge
    ip address add "$docker0" dev docker0
    ip link set docker0 up
    for member in $members; do ip link set "$member" master docker0 || true; done
  fi
  [ ! -e "$run/bin/iptables" ] || iptables-legacy -P FORWARD ACCEPT
  if ! answers; then
    echo "the engine did not come up; the end of its log ($run/log):" >&2
    tail -20 "$run/log" >&2
    return 1
  fi
}

up() {
  ! answers || return 0
  [ "$(id -u)" = 0 ] || { echo "starting an engine needs root" >&2; return 1; }
  install
  ! running || { echo "the engine of $run runs but does not answer; setup/engine.sh down ends it" >&2; return 1; }
  sweep
  start
}

down() {
  local pid
  if running; then
    pid=$(cat "$run/pid")
    kill "$pid"
    for _ in $(seq 300); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
  fi
  [ ! -e "$run" ] || close_firewall
  sweep
  [ "${1:-}" != --purge ] || rm -rf "$data"
}

exec 9>"$run.lock"
flock --wait 300 9 || { echo "another run holds $run.lock" >&2; exit 1; }
case ${1:-} in
up) up ;;
down) down "${2:-}" ;;
*) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 1 ;;
esac
