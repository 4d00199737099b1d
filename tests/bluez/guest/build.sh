#!/usr/bin/env bash
# Builds the machine in which the real Linux Bluetooth stack is tested: Debian's kernel, BlueZ, D-Bus, bleak.
#   tests/bluez/guest/build.sh FOLDER        needs root, apt, about 1 GB in FOLDER and two minutes
# apt packages: qemu-system-x86 debootstrap e2fsprogs; Python 3.11 (PYTHON names another one of that version).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?where to build: build.sh FOLDER}
python=${PYTHON:-python3.11}
mkdir -p "$folder/debs" "$folder/share"
cd "$folder"

# The kernel that Debian names now, and a busybox for the first steps of booting.
package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/ {print $2; exit}')
kernel=${package#linux-image-}
echo "$kernel" > kernel-version
(cd debs && for name in "$package" busybox-static; do
  ls "$name"_*.deb > /dev/null 2>&1 || apt-get download -q "$name"
done)
[ -d "kernel-$kernel" ] || dpkg-deb -x debs/"$package"_*.deb "kernel-$kernel"
[ -d busybox ] || dpkg-deb -x debs/busybox-static_*.deb busybox

# The system, and what the program needs of Python's packages (the program itself comes with each run).
[ -d root/usr ] || debootstrap --variant=minbase --include=bluez,dbus,python3,kmod,procps bookworm root > debootstrap.log
"$python" -m pip install -q --upgrade --target root/usr/local/lib/python3.11/dist-packages \
  bleak==3.1.0 bumble==0.0.236 numpy==2.4.6 platformdirs==4.14.7 rich==15.0.0
"$python" -m compileall -q root/usr/local/lib/python3.11 root/usr/lib/python3.11 > /dev/null 2>&1 || true
install -m755 "$here/init" root/sbin/test-init
modules="kernel-$kernel/lib/modules/$kernel"
inside="root/lib/modules/$kernel"
mkdir -p "$inside"
for part in net/bluetooth drivers/bluetooth crypto drivers/virtio drivers/block/virtio_blk.ko fs/ext4 fs/jbd2 \
  fs/mbcache.ko lib net/9p fs/9p fs/netfs fs/fscache net/rfkill fs/overlayfs drivers/char/hw_random arch; do
  if [ -e "$modules/kernel/$part" ]; then
    mkdir -p "$inside/kernel/$(dirname "$part")"
    cp -r "$modules/kernel/$part" "$inside/kernel/$(dirname "$part")/"
  fi
done
cp "$modules"/modules.order "$modules"/modules.builtin* "$inside/"
chroot root depmod "$kernel"

# First steps: load what reaches the disk, lay a writable layer over it, go on there.
rm -rf first && mkdir -p first/{bin,modules,newroot,dev,proc,disk,layer}
cp busybox/bin/busybox first/bin/ && ln -s busybox first/bin/sh
: > first/modules/order
for name in virtio_blk virtio_pci crc32c_generic ext4 overlay virtio-rng 9pnet_virtio 9p; do
  chroot root modprobe -S "$kernel" --show-depends "$name" | awk '/^insmod/ {print $2}' | grep -v crc32c-intel |
    while read -r file; do
      base=$(basename "$file")
      grep -qx "$base" first/modules/order || { cp "root$file" first/modules/ && echo "$base" >> first/modules/order; }
    done
done
cat > first/init <<'INIT'
#!/bin/sh
b=/bin/busybox
$b mount -t proc p /proc; $b mount -t devtmpfs d /dev
for m in $($b cat /modules/order); do $b insmod /modules/$m 2>/dev/null; done
n=0; while [ ! -e /dev/vda ] && [ $n -lt 50 ]; do $b usleep 50000; n=$((n+1)); done
$b mount -t ext4 -o ro,noload /dev/vda /disk && $b mount -t tmpfs t /layer || exec $b sh
$b mkdir /layer/up /layer/work
$b mount -t overlay -o lowerdir=/disk,upperdir=/layer/up,workdir=/layer/work o /newroot || exec $b sh
$b mount --move /dev /newroot/dev; $b umount /proc
exec $b switch_root /newroot /sbin/test-init
INIT
chmod +x first/init
(cd first && find . | ../busybox/bin/busybox cpio -o -H newc 2> /dev/null | gzip -1) > initrd.gz
rm -rf root/var/cache/apt/archives/*.deb root/var/lib/apt/lists/* root/usr/share/{doc,locale,man}/* root.img
truncate -s 800M root.img
mke2fs -q -t ext4 -O ^has_journal,^metadata_csum -d root root.img
ls -lsh root.img initrd.gz
