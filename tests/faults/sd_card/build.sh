#!/bin/bash
# Builds the kernel and the first file system of a small virtual machine that has an emulated SD card, for test_sd_card.py.
# build.sh FOLDER: makes FOLDER/vmlinuz and FOLDER/first.gz. Needs the network for the kernel's package, and busybox-static, cpio, kmod.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-[0-9]/ {print $2; exit}')
apt-get download -qq "$package"
dpkg -x "$package"_*.deb kernel
version=$(ls kernel/lib/modules)
cp kernel/boot/vmlinuz-* vmlinuz
from=kernel/lib/modules/$version/kernel to=first/lib/modules/$version/kernel
mkdir -p first/bin first/proc first/sys first/dev first/host
cp "$(command -v busybox)" first/bin/
for module in drivers/mmc drivers/virtio net/9p fs/9p fs/netfs fs/fscache fs/fat fs/exfat fs/nls lib; do
	[ -d "$from/$module" ] || continue
	mkdir -p "$to/$module"
	cp -r "$from/$module/." "$to/$module/"
done
cp kernel/lib/modules/"$version"/modules.{order,builtin,builtin.modinfo} "first/lib/modules/$version/"
depmod -b first "$version"
cp "$here/init" first/init
chmod +x first/init
(cd first && find . | cpio -o -H newc --quiet | gzip -1) >first.gz
rm -rf kernel first "$package"_*.deb
