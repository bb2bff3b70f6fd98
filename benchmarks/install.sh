#!/bin/sh
# Installs the Debian packages of the peers that the benchmarks run beside, where one is missing. Needs root, or sudo, only then.
set -eu
packages="rclone restic borgbackup dcmtk orthanc orthanc-dicomweb libjpeg-turbo-progs libimage-exiftool-perl mat2"
missing=""
for package in $packages; do
	dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
# Packages must not start daemons of their own: the benchmarks start what they need, on loopback.
if [ ! -e /usr/sbin/policy-rc.d ]; then
	printf '#!/bin/sh\nexit 101\n' | $as_root tee /usr/sbin/policy-rc.d >/dev/null
	$as_root chmod +x /usr/sbin/policy-rc.d
	trap '$as_root rm -f /usr/sbin/policy-rc.d' EXIT
fi
$as_root apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
