"""Where a camera can be had when none is at hand: nobody is left to use a phone (C10)."""

from dataclasses import dataclass

from safelight.custody import queries as custody
from safelight.custody import registry, rules
from safelight.custody.lifecycle import CameraState
from safelight.custody.models import Camera
from safelight.custody.rules import Readiness
from safelight.kernel.actor import Actor
from safelight.staff import queries as staff


@dataclass(frozen=True, slots=True)
class Nearest:
    """Cameras that can be taken now, the actor's wards first; else those that are out, the next to come back first, with who has them."""

    ready: tuple[Camera, ...]
    out: tuple[tuple[Camera, str], ...]


def nearest(actor: Actor) -> Nearest:
    """Where the next camera is."""
    every = custody.cameras(actor)
    last_outs = registry.last_outs(actor, [card for camera in every for card in camera.cards.all()])
    ready = tuple(
        camera for camera in every if rules.readiness(camera, cards=list(camera.cards.all()), last_out_at=last_outs) is Readiness.READY
    )
    away = sorted((camera for camera in every if camera.state == CameraState.OUT and camera.due_at), key=lambda camera: str(camera.due_at))
    names = staff.names_of(actor, [camera.holder_id for camera in away if camera.holder_id])
    return Nearest(ready[:3], () if ready else tuple((camera, names[camera.holder_id]) for camera in away[:3] if camera.holder_id))
