#!/usr/bin/env bash
# Boots the guest in FOLDER, which does what FOLDER/share/job.sh says; SECONDS is how long it may take.
#   tests/bluez/guest/run.sh FOLDER [SECONDS]
# Its clock counts instructions (4 ns each, a slow machine): how busy this one is does not change its figures.
set -euo pipefail
cd "${1:?run.sh FOLDER [SECONDS]}"
kernel=$(cat kernel-version)
rm -f share/job.rc
exec timeout "${2:-300}" qemu-system-x86_64 -accel tcg,thread=single -icount shift=2 -cpu max -smp 1 -m 384 \
  -M pc -nodefaults -no-user-config -no-reboot -display none -serial stdio \
  -kernel "kernel-$kernel/boot/vmlinuz-$kernel" -initrd initrd.gz \
  -drive file=root.img,format=raw,if=none,id=disk,readonly=on -device virtio-blk-pci,drive=disk,romfile= \
  -device virtio-rng-pci -fsdev local,id=share,path=share,security_model=none \
  -device virtio-9p-pci,fsdev=share,mount_tag=share \
  -append "console=ttyS0 quiet panic=-1 mitigations=off nokaslr random.trust_cpu=1 no_timer_check" < /dev/null
