#!/usr/bin/env bash
# A private Podman that speaks Docker's API, for tests. Debian or Ubuntu, as root.
#
#   setup/podman.sh up             installs podman where it is missing and starts its service; prints the socket
#   setup/podman.sh down           ends it and all that it runs; its images and volumes stay for the next time
#   setup/podman.sh down --purge   and removes those as well
#
# Socket, images, networks and addresses are its own, so a Podman of the machine's is not met.
set -euo pipefail

run=/run/gantry-podman
data=/var/lib/gantry-podman
socket=$run/podman.sock

answers() {
  [ -S "$socket" ] && [ "$(curl --silent --max-time 5 --unix-socket "$socket" http://engine/_ping)" = OK ]
}

alive() {
  [ -s "$run/pid" ] && kill -0 "$(cat "$run/pid")" 2>/dev/null
}

# All that Podman is told is in files of ours, so that up and down mean the same store.
podman_of_ours() {
  CONTAINERS_CONF=$run/containers.conf CONTAINERS_STORAGE_CONF=$run/storage.conf CONTAINERS_REGISTRIES_CONF=$run/registries.conf \
    TMPDIR=/tmp exec podman --tmpdir "$run/tmp" --network-config-dir "$data/networks" "$@"
}

configure() {
  mkdir -p "$run" "$data"
  # Podman raises limits of processes to the most there can be, which fails where the machine's own are lower for good; crun refuses a
  # machine with both kinds of cgroups; without systemd there is no journal to log to and no slice to put containers in.
  local files processes most runtime=crun
  files=$(ulimit -Hn) processes=$(ulimit -Hu) most=$(cat /proc/sys/kernel/pid_max)
  if [ "$processes" = unlimited ] || [ "$processes" -gt "$most" ]; then processes=$most; fi
  [ ! -e /sys/fs/cgroup/unified ] || runtime=runc
  cat >"$run/containers.conf" <<CONFIG
[containers]
log_driver = "k8s-file"
default_ulimits = ["nofile=$files:$files", "nproc=$processes:$processes"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "$runtime"
helper_binaries_dir = ["/usr/libexec/podman", "/usr/lib/podman"]
compat_api_enforce_docker_hub = true
[network]
network_backend = "netavark"
default_subnet = "10.184.0.0/24"
default_subnet_pools = [{"base" = "10.185.0.0/16", "size" = 24}]
CONFIG
  printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s/run"\n' "$data" "$run" >"$run/storage.conf"
  printf 'unqualified-search-registries = ["docker.io"]\n' >"$run/registries.conf"
  # Without one Podman makes no image, and it takes no other place for it here.
  [ -e /etc/containers/policy.json ] || {
    mkdir -p /etc/containers
    printf '{"default":[{"type":"insecureAcceptAnything"}]}\n' >/etc/containers/policy.json
  }
}

up() {
  if ! answers; then
    [ "$(id -u)" = 0 ] || { echo "starting Podman needs root" >&2; return 1; }
    local missing=() pair
    for pair in podman:podman crun:crun runc:runc iptables:iptables curl:curl; do
      command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
    done
    # What makes networks and answers names in them is not in PATH, and Debian's Podman only recommends it.
    [ -e /usr/lib/podman/netavark ] || missing+=(netavark)
    [ -e /usr/lib/podman/aardvark-dns ] || missing+=(aardvark-dns)
    [ ${#missing[@]} -eq 0 ] || "$(dirname "$0")/install.sh" "${missing[@]}"
    configure
    # Not from here: Podman 4.3 removes the folder that it stands in when it is asked to build from an address that it does not know.
    (cd "$run" && podman_of_ours --log-level warn system service --time 0 "unix://$socket") </dev/null >"$run/log" 2>&1 9>&- &
    echo $! >"$run/pid"
    for _ in $(seq 200); do ! answers || break; alive || break; sleep 0.1; done
    answers || { echo "Podman did not come up; the end of its log ($run/log):" >&2; tail -20 "$run/log" >&2; return 1; }
  fi
  echo "$socket"
}

down() {
  if [ -e "$run/containers.conf" ]; then
    (podman_of_ours rm --force --all --time 0) >/dev/null 2>&1 || true
    (podman_of_ours network prune --force) >/dev/null 2>&1 || true
  fi
  ! alive || kill "$(cat "$run/pid")"
  # What answers names for its networks goes on by itself.
  local file=$run/networks/aardvark-dns/aardvark.pid
  [ ! -s "$file" ] || kill "$(cat "$file")" 2>/dev/null || true
  awk -v run="$run/" -v data="$data" 'index($5, run) == 1 || index($5, data) == 1 { print $5 }' /proc/self/mountinfo |
    sort --reverse | while read -r mount; do umount --lazy "$mount" 2>/dev/null || true; done
  rm -rf "$run"
  [ "${1:-}" != --purge ] || rm -rf "$data"
}

exec 9>"$run.lock"
flock --wait 300 9 || { echo "another run holds $run.lock" >&2; exit 1; }
case ${1:-} in
up) up ;;
down) down "${2:-}" ;;
*) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 1 ;;
esac
