#!/bin/sh
# Installs the Debian packages whose programs the tests start, and those that are named, where one is missing. Needs root, or sudo, only then.
set -eu
packages="chromium chromium-headless-shell fonts-liberation postgresql exfatprogs exfat-fuse dosfstools mtools fusefat fuse3 nbdkit nbdkit-plugin-python libnbd-bin testdisk bubblewrap strace gcc libc6-dev xfsprogs e2fsprogs foremost scalpel sleuthkit faketime libimage-exiftool-perl libjpeg-turbo-progs postfix dovecot-core dovecot-imapd dovecot-lmtpd openssl ceph-mon ceph-mgr ceph-osd radosgw ceph-common curl softhsm2 clamav-daemon $*"
missing=""
for package in $packages; do
	dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
# Packages must not start daemons of their own: the tests start what they need, on loopback.
if [ ! -e /usr/sbin/policy-rc.d ]; then
	printf '#!/bin/sh\nexit 101\n' | $as_root tee /usr/sbin/policy-rc.d >/dev/null
	$as_root chmod +x /usr/sbin/policy-rc.d
	trap '$as_root rm -f /usr/sbin/policy-rc.d' EXIT
fi
$as_root apt-get update -qq
# Postfix asks how it is to be set up; the tests bring their own settings.
echo "postfix postfix/main_mailer_type select No configuration" | $as_root debconf-set-selections
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
