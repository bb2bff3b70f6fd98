#!/bin/bash
# A real Ceph on one machine: monitor, manager, one OSD on a file, and its S3 gateway; keys AK and SK. Ready in about 18 s.
# usage: ceph.sh FOLDER MONITOR_PORT GATEWAY_PORT. The processes are named in FOLDER/run/*.pid; end them by these.
set -e; D=${1:?folder}; MON=${2:?port}; RGW=${3:?port}; rm -rf "$D"; mkdir -p $D/{mon,osd,mgr,run,log,rgw}; D=$(cd "$D" && pwd); chmod -R 777 $D
FSID=$(cat /proc/sys/kernel/random/uuid); export CEPH_CONF=$D/ceph.conf
cat > $CEPH_CONF <<X
[global]
fsid = $FSID
mon host = 127.0.0.1:$MON
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = $D/keyring
run dir = $D/run
log file = $D/log/\$name.log
admin socket = $D/run/\$name.asok
pid file = $D/run/\$name.pid
osd pool default size = 1
osd pool default min size = 1
osd crush chooseleaf type = 0
osd pool default pg num = 8
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon allow pool delete = true
mon_warn_on_insecure_global_id_reclaim_allowed = false
ms bind msgr2 = false
osd objectstore = bluestore
bluestore block create = true
bluestore block size = 4294967296
osd memory target = 1073741824
osd data = $D/osd
mon data = $D/mon
mgr data = $D/mgr
crash dir = $D/log
[client.rgw]
rgw data = $D/rgw
rgw frontends = beast endpoint=127.0.0.1:$RGW
rgw thread pool size = 32
X
ceph-authtool --create-keyring $D/keyring --gen-key -n mon. --cap mon 'allow *' >/dev/null
ceph-authtool $D/keyring --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' >/dev/null
ceph-authtool $D/keyring --gen-key -n osd.0 --cap mon 'allow profile osd' --cap mgr 'allow profile osd' --cap osd 'allow *' >/dev/null
ceph-authtool $D/keyring --gen-key -n mgr.x --cap mon 'allow profile mgr' --cap osd 'allow *' --cap mds 'allow *' >/dev/null
ceph-authtool $D/keyring --gen-key -n client.rgw --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' >/dev/null
monmaptool --create --addv a "[v1:127.0.0.1:$MON]" --fsid $FSID $D/monmap >/dev/null
ceph-mon --mkfs -i a --monmap $D/monmap --keyring $D/keyring
ceph-mon -i a
ceph-mgr -i x || true
U=$(cat /proc/sys/kernel/random/uuid); ceph osd new $U 0 >/dev/null 2>&1
ceph-osd -i 0 --mkfs --osd-uuid $U >/dev/null 2>&1
ceph-osd -i 0
for i in $(seq 60); do ceph osd stat 2>/dev/null | grep -q '1 up' && break; sleep .5; done
radosgw -n client.rgw
for i in $(seq 120); do curl -s -o /dev/null http://127.0.0.1:$RGW/ && break; sleep .5; done
radosgw-admin -n client.rgw user create --uid=t --display-name=t --access-key=AK --secret-key=SK >/dev/null
cat $D/run/*.pid
