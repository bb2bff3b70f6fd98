from datetime import datetime
from uuid import UUID, uuid5

from safelight.audit.action import action, state
from safelight.intake import queries
from safelight.intake.errors import AlreadyScanned
from safelight.intake.facts import FrameScanned
from safelight.intake.models import SlateOnFrame, Sorting
from safelight.intake.scan import Scan
from safelight.kernel.actor import Actor
from safelight.vault.models import StoredObject


@action
def record_scan(*, by: Actor, scan: Scan, now: datetime, new_id: UUID) -> None:
    """Record what a frame shows. Its small pictures, which the vault holds already, become part of the record with it.

    1. The frame belongs where it was first announced: there it lay among its neighbours.
    2. A frame is scanned once: the row is unique, and who comes second keeps nothing.
    """
    read_in, position = queries.belongs(by, scan.frame)  # (1)
    drawn = [StoredObject.from_kept(kept, at=now) for kept in (scan.preview, scan.thumb) if kept]
    StoredObject.objects.bulk_create(drawn)
    Sorting.objects.bulk_create(  # (2)
        [
            Sorting(
                id=new_id,
                frame_id=scan.frame,
                read_in_id=read_in,
                position=position,
                unread_symbol=scan.unread_symbol,
                closely=scan.closely,
                unreadable=scan.unreadable,
                make=scan.make,
                model=scan.model,
                serial=scan.serial,
                camera_time=scan.camera_time,
                camera_id=scan.camera,
                preview_id=scan.preview.name if scan.preview else None,
                thumb_id=scan.thumb.name if scan.thumb else None,
                width=scan.width,
                height=scan.height,
                hints=list(scan.hints),
                read_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    if not Sorting.objects.filter(pk=new_id).exists():
        raise AlreadyScanned(scan.frame)
    SlateOnFrame.objects.bulk_create(SlateOnFrame(id=uuid5(new_id, code), sorting_id=new_id, code=code) for code in scan.slates)
    state(FrameScanned(frame=scan.frame, read_in=read_in, slates=len(scan.slates), unreadable=scan.unreadable, camera=scan.camera))
