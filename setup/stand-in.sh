#!/usr/bin/env bash
# Writes the build context of a stand-in image, as tar, to standard output: setup/stand-in.sh nginx
#
# For machines that reach Debian's or Ubuntu's packages but no image registry. Packages are unpacked, not installed: that takes
# two seconds, needs no root, and is enough for a server that an image's own files configure. What an image is named and holds
# besides is in stand-ins/NAME: `packages`, a Dockerfile, what that copies, and `also` for what has to be done to the unpacked files.
set -euo pipefail

image=$(cd "$(dirname "$0")/stand-ins/$1" && pwd)
# One that is made from another.
[ -e "$image/packages" ] || exec tar --numeric-owner --owner=0 --group=0 --sort=name -cf - -C "$image" .
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/debs" "$work/root"
: >"$work/nothing-installed"

# All that the packages depend on, as if nothing were installed, less what only installing and maintaining them needs.
closure() {
  apt-get -o Dir::State::status="$work/nothing-installed" -o Debug::NoLocking=1 -o APT::Install-Recommends=false \
    --simulate install "$@" | awk '/^Inst/ { print $2 }' |
    grep -vE '^(perl.*|lib.*-perl|libperl.*|libgdbm.*|dpkg|tar|usrmerge|debconf|adduser|passwd|iproute2|lsb-base|sysvinit-utils|init-system-helpers|gcc-.*-base|libpam-.*|libsemanage.*|libsepol.*|nodejs|libnode[0-9]+|libllvm[0-9]+|libz3-.*|apache2.*|libapache2-.*|locales|libc-l10n|libjs-.*|javascript-common|fonts-.*|libx265-.*|libaom.*|libsvtav1.*|librav1e.*|libdav1d.*)$'
}

read -ra packages <"$image/packages"
download() {
  local names
  names=$(closure "${packages[@]}") && (cd "$work/debs" && apt-get -qq -o APT::Sandbox::User= download $names >&2)
}
# Package lists may be missing, or older than what the mirror still has.
download 2>/dev/null || { apt-get -qq update >&2 && download; }

cd "$work/root"
mkdir -p usr/{bin,sbin,lib,lib64} etc tmp root proc sys dev run var/{cache,lib,log,www}
chmod 1777 tmp
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$folder"; done
ln -s ../run var/run
for deb in "$work"/debs/*.deb; do
  dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -f - \
    --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale --exclude=./usr/share/lintian
done
# The shell and the small tools are busybox's.
for applet in $(usr/bin/busybox --list 2>/dev/null || busybox --list); do
  [ -e "usr/bin/$applet" ] || [ -e "usr/sbin/$applet" ] || ln -s busybox "usr/bin/$applet"
done
printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'www-data:x:33:33::/var/www:/bin/false' 'nobody:x:65534:65534::/:/bin/false' >etc/passwd
printf '%s\n' root:x:0: www-data:x:33: nogroup:x:65534: >etc/group
printf '%s\n' 'passwd: files' 'group: files' 'hosts: files dns' >etc/nsswitch.conf
[ ! -e "$image/also" ] || . "$image/also"

tar -C "$work/root" --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 -cf "$work/root.tar" .
tar --numeric-owner --owner=0 --group=0 --sort=name -cf - -C "$work" root.tar -C "$image" .
