"""Sessions in which things go wrong: slates blurred, forgotten, photographed twice or by the wrong camera, clocks and counters set back.

The server knows of every slate; what the card shows of them is up to chance. Each frame's true patient is known to the test alone.
"""

from datetime import timedelta

from hypothesis import strategies as st
from tests.factories.intake import Roll, a_code, an_id

from safelight.intake.card import Device
from safelight.photographs.slates.code import END

SOUND = st.one_of(st.tuples(st.just("slate"), st.sampled_from("ABCD")), st.tuples(st.just("photos"), st.integers(1, 4)))
SECONDS = st.integers(0, 240)
VISITS = st.sampled_from("ABCD")
VIDEO = {"video": True, "taken": None, "camera": None, "readable": False, "device": Device.SILENT}

STEPS = st.one_of(
    st.tuples(
        st.just("patient"), VISITS, st.sampled_from(["read", "read", "read", "unread", "invisible", "forgotten", "lost", "unreadable"])
    ),
    st.tuples(st.just("patient_on_paper"), VISITS, st.sampled_from(["read", "read", "unread", "invisible", "forgotten", "lost"])),
    st.tuples(st.just("patient_by_a_colleague"), VISITS, st.sampled_from(["read", "invisible", "forgotten"])),
    st.tuples(st.just("photos"), st.integers(1, 4)),
    st.tuples(st.just("photos"), st.integers(1, 4)),
    st.tuples(st.just("wait"), SECONDS),
    st.tuples(st.sampled_from(["end", "raw", "video", "phone", "forged", "two", "screen_stays_on", "lose", "break", "other_camera"])),
    st.tuples(st.just("counter"), st.integers(1, 9990)),
    st.tuples(st.just("clock"), st.sampled_from([-3600, 3600, -46 * 365 * 86400])),
)


class Session(Roll):
    """One session, step by step."""

    def shoot(self, *codes, of=None, **reading):
        taken = {(frame.folder, frame.number) for frame in self.frames}
        while "number" not in reading and (self.folder, self.number) in taken:
            self.number += 1
        if self.number > 9999:
            self.folder, self.number = self.folder + 1, 1
        return super().shoot(*codes, of=of, **reading)

    def _repr_pretty_(self, printer, _cycle):
        printer.text(repr(self))

    def play(self, steps) -> "Session":
        for name, *how in steps:
            getattr(self, f"do_{name}")(*how)
        return self

    def do_patient(self, visit, fate, **how):
        for _ in range(1 if how.get("on_paper") else 2):
            text = self.make(visit, token="screen", **how)
            self.wait(seconds=20)
        self.patient = visit
        self._photograph(text, fate)

    def do_patient_on_paper(self, visit, fate):
        self.do_patient(visit, fate, on_paper=True)

    def do_patient_by_a_colleague(self, visit, fate):
        self.do_patient(visit, fate, check_out=None)

    def _photograph(self, text, fate):
        match fate:
            case "read":
                self.shoot(text, of=self.patient)
            case "unread":
                self.shoot(of=self.patient, unread_symbol=True)
            case "invisible":
                self.shoot(of=self.patient)  # a photo of this patient's slate on which no slate is to be seen
            case "lost":
                self.shoot(lost=True)
            case "unreadable":
                self.shoot(readable=False)

    def do_slate(self, visit):
        self.slate(visit)

    def do_photos(self, count):
        self.photos(count)

    def do_wait(self, seconds):
        self.wait(seconds=seconds)

    def do_end(self):
        self.shoot(END)
        self.patient = None

    def do_raw(self):
        still = self.photos().frames[-1]
        self.shoot(of=self.patient, raw=True, pair=still.pair, number=still.number, readable=False)

    def do_video(self):
        self.photos(**VIDEO)

    def do_phone(self):
        self.photos(device=Device.PHONE, camera=None)

    def do_forged(self):
        self.shoot(a_code("forged"))

    def do_two(self):
        self.shoot(self.make("A"), self.make("B"))
        self.patient = "B"

    def do_screen_stays_on(self):
        if self.slates:
            visit = next(name for name in "ABCD" if an_id(name) == self.slates[-1].visit)
            self.make(visit, token="stays")

    def do_lose(self):
        self.shoot(of=self.patient, lost=True)

    def do_break(self):
        self.photos(readable=False)

    def do_other_camera(self):
        if self.camera == "CAM-07" and "CAM-05" not in self.outs:
            self.take_out("CAM-05")
        else:
            self.camera = "CAM-07"

    def do_counter(self, number):
        self.number = number

    def do_clock(self, seconds):
        self.off += timedelta(seconds=seconds)


@st.composite
def sessions(draw, steps=STEPS):
    """A session with a camera whose clock is within two minutes of what the register says, or was never compared."""
    told = draw(st.sampled_from([timedelta(0), timedelta(minutes=30), None]))
    off = (told or timedelta(0)) + timedelta(seconds=draw(st.integers(-115, 115)))
    return Session(off=off, told_ahead=told).play(draw(st.lists(steps, min_size=2, max_size=16)))
