"""Copies from before there were second looks of their own: every finder had looked at each while it was signed for."""

import hashlib
import struct
from uuid import uuid4

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def note(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
    looks = apps.get_model("deidentify", "SecondLook")
    for copy in apps.get_model("deidentify", "CoveredCopy").objects.filter(state="approved").iterator():
        edges = b"".join(struct.pack("<4d", *area) for area in copy.areas)
        picture = hashlib.sha256(copy.record_copy_id.bytes + bytes([copy.turn % 4]) + edges).hexdigest()
        looks.objects.create(id=uuid4(), copy=copy, picture=picture, whole=True, failed=copy.flagged, at=copy.decided_at)


class Migration(migrations.Migration):
    dependencies = [("deidentify", "0003_second_looks")]
    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
