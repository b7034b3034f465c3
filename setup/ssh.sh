#!/usr/bin/env bash
# A way to an engine by ssh, for tests: a daemon of its own on 127.0.0.1, with keys of its own. Debian or Ubuntu, as root.
#
#   setup/ssh.sh up SOCKET   installs openssh where it is missing and starts the daemon; prints a folder. With its bin/ before
#                            all else in PATH, DOCKER_HOST=ssh://root@127.0.0.1:22822 is the engine at SOCKET
#   setup/ssh.sh down        ends it
#
# ~/.ssh, and the daemon that the machine may have, are not met.
set -euo pipefail

run=/run/gantry-ssh-engine
port=22822

alive() {
  [ -s "$run/pid" ] && kill -0 "$(cat "$run/pid")" 2>/dev/null
}

up() {
  [ "$(id -u)" = 0 ] || { echo "starting a daemon needs root" >&2; return 1; }
  local missing=()
  [ -x /usr/sbin/sshd ] || missing+=(openssh-server)
  command -v ssh >/dev/null || missing+=(openssh-client)
  [ ${#missing[@]} -eq 0 ] || "$(dirname "$0")/install.sh" "${missing[@]}"
  ! alive || down
  mkdir -p "$run/bin" "$run/far" /run/sshd
  [ -s "$run/host" ] || ssh-keygen -q -t ed25519 -N '' -f "$run/host"
  [ -s "$run/user" ] || ssh-keygen -q -t ed25519 -N '' -f "$run/user"
  cat >"$run/sshd_config" <<CONFIG
Port $port
ListenAddress 127.0.0.1
HostKey $run/host
PidFile $run/pid
AuthorizedKeysFile $run/user.pub
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
SetEnv DOCKER_HOST=unix://$1 PATH=$run/far:/usr/local/bin:/usr/bin:/bin
CONFIG
  # What the docker command does at the far end, where the machine has none.
  command -v docker >/dev/null || cat >"$run/far/docker" <<FAR
#!$(command -v node)
const socket = require('net').connect({ path: '$1', allowHalfOpen: true })
process.stdin.pipe(socket).pipe(process.stdout)
FAR
  [ ! -e "$run/far/docker" ] || chmod 755 "$run/far/docker"
  cat >"$run/ssh_config" <<CONFIG
Host *
  IdentityFile $run/user
  UserKnownHostsFile $run/known
  StrictHostKeyChecking yes
  BatchMode yes
CONFIG
  printf '[127.0.0.1]:%s %s\n' "$port" "$(cut -d' ' -f1,2 "$run/host.pub")" >"$run/known"
  printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$run/ssh_config" >"$run/bin/ssh"
  chmod 755 "$run/bin/ssh"
  /usr/sbin/sshd -f "$run/sshd_config" -E "$run/log"
  for _ in $(seq 100); do [ -s "$run/pid" ] && break; sleep 0.1; done
  "$run/bin/ssh" -p "$port" root@127.0.0.1 true || { tail -5 "$run/log" >&2; return 1; }
  echo "$run"
}

down() {
  ! alive || kill "$(cat "$run/pid")"
  rm -rf "$run"
}

case ${1:-} in
up) up "$2" ;;
down) down ;;
*) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 1 ;;
esac
