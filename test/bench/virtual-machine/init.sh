#!/bin/busybox sh
# Goes from the initial memory disk to the real one.
/bin/busybox mount -t proc none /proc
/bin/busybox mount -t sysfs none /sys
/bin/busybox mount -t devtmpfs none /dev
for module in virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk; do /bin/busybox insmod "/modules/$module.ko"; done
until [ -b /dev/vda ]; do /bin/busybox sleep 1; done
/bin/busybox mount -t ext4 /dev/vda /mnt
for directory in dev proc sys; do /bin/busybox mount --move "/$directory" "/mnt/$directory"; done
exec /bin/busybox switch_root /mnt /guest.sh
