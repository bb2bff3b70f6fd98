"""Cards as a session leaves them: slates that the server made, frames that the camera took, and what went wrong on the way."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from safelight.intake.card import Card, CardFrame, MadeSlate, Out, Placement, Put, Reading
from safelight.intake.rules import sort_card
from safelight.photographs.slates import code

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NAMES = UUID("8f2d5a52-3c47-4d6a-9d4e-0d4b7a2f9c11")


def an_id(name: str) -> UUID:
    """The same id for the same name."""
    return uuid5(NAMES, name)


def a_code(name: str) -> str:
    """A valid slate's text for a name."""
    return code.new(an_id(name).bytes[:8])


@dataclass(repr=False)
class Roll:
    """A session with one camera (or more) and one card. `now` is the true time; the camera's clock is `off` ahead of it.

    `told_ahead` is what the register says of the clock, None where it was never compared. Frames are numbered as they are taken.
    """

    now: datetime = NINE
    camera: str = "CAM-07"
    off: timedelta = timedelta(0)
    told_ahead: timedelta | None = timedelta(0)
    number: int = 1
    folder: int = 100
    frames: list[CardFrame] = field(default_factory=list)
    truth: dict[UUID, str | None] = field(default_factory=dict)
    slates: list[MadeSlate] = field(default_factory=list)
    outs: dict[str, Out] = field(default_factory=dict)
    patient: str | None = None

    def __repr__(self) -> str:
        names = {an_id(name): name for name in "ABCDEFGH"}
        made = [(names[slate.visit], slate.shown_at.time().isoformat(), slate.code[5:9], slate.check_out is None) for slate in self.slates]
        shot = [
            (frame.number, self.truth[frame.frame], frame.reading and (sorted(frame.reading.slates), frame.reading.taken))
            for frame in self.frames
        ]
        return f"{made}\n{shot}\n{self.sorted()}"

    def __post_init__(self) -> None:
        self.take_out(self.camera)

    def take_out(self, camera: str) -> None:
        self.camera = camera
        out = Out(check_out=an_id(f"out {camera}"), camera=an_id(camera), out_at=self.now, back_at=None, clock_ahead=self.told_ahead)
        self.outs[camera] = out

    def wait(self, **how: float) -> "Roll":
        self.now += timedelta(**how)
        return self

    def make(self, visit: str, *, on_paper: bool = False, may_take: bool = True, check_out: str | None = "mine", token: str = "") -> str:
        """The server makes a slate of a visit; nobody has photographed it yet."""
        text = a_code(f"{visit} {len(self.slates)} {token}")
        mine = {"mine": self.outs[self.camera].check_out, None: None}
        made = MadeSlate(
            code=text,
            visit=an_id(visit),
            check_out=mine[check_out] if check_out in mine else an_id(f"out {check_out}"),
            shown_at=self.now,
            on_paper=on_paper,
            may_take=may_take,
        )
        self.slates.append(made)
        return text

    def shoot(self, *codes: str, of: str | None = None, **reading) -> CardFrame:
        """The camera takes a frame, five seconds after the last thing that happened."""
        self.wait(seconds=5)
        frame_facts = {key: reading.pop(key) for key in ("raw", "video", "lost", "folder", "number", "pair") if key in reading}
        name = f"{self.folder}-{self.number}"
        taken = {"taken": self.now + self.off} if "taken" not in reading else {}
        facts = {"pair": name, "folder": self.folder, "number": self.number, **frame_facts}
        self.frames.append(
            CardFrame(
                frame=an_id(f"frame {len(self.frames)} {self.camera} {self.now}"),
                reading=None
                if facts.get("lost")
                else Reading(**{"slates": frozenset(codes), "camera": an_id(self.camera), **taken, **reading}),
                **facts,
            )
        )
        self.number += "number" not in frame_facts and "pair" not in frame_facts
        self.truth[self.frames[-1].frame] = of
        return self.frames[-1]

    def slate(self, visit: str, *, on_card: bool = True, **how) -> str:
        """The patient is asked, a slate is made, and photographed half a minute later."""
        self.wait(seconds=40)
        text = self.make(visit, **how)
        self.wait(seconds=20)
        if on_card:
            self.shoot(text)
        self.patient = visit
        return text

    def photos(self, count: int = 1, **how) -> "Roll":
        for _ in range(count):
            self.shoot(of=self.patient, **how)
        return self

    def end(self) -> "Roll":
        self.shoot(code.END)
        self.patient = None
        return self

    @property
    def card(self) -> Card:
        return Card(
            frames=tuple(self.frames),
            put_in=self.now + timedelta(minutes=1),
            outs={out.camera: out for out in self.outs.values()},
            slates=tuple(self.slates),
        )

    def change(self, **how) -> "Roll":
        """Change what is known of the check-out."""
        self.outs[self.camera] = replace(self.outs[self.camera], **how)
        return self

    def sorted(self) -> str:
        """Where everything went, as words: `slate A | A A | no_slate`."""
        return words(sort_card(self.card), {an_id(name): name for name in "ABCDEFGH"})


def words(placements: tuple[Placement, ...], names: dict[UUID, str]) -> str:
    def one(placement: Placement) -> str:
        name = names.get(placement.visit, "") if placement.visit else ""
        match placement.put:
            case Put.SLATE:
                return f"[{name or 'END'}]"
            case Put.FILED:
                return name
            case Put.WAITING:
                return "..."
        return str(placement.why)

    return " ".join(one(placement) for placement in placements)
