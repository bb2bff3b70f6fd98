"""Whom the invented hospital asks: a burns team with a rota and a pager, a team without one, and a hospital elsewhere with secure mail."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.sharing.actions.add_channel import add_channel
from safelight.sharing.actions.note_channel_tested import note_channel_tested
from safelight.sharing.actions.take_accredited_list import take_accredited_list
from safelight.sharing.mail import accredited
from safelight.sharing.models import Channel
from safelight.sharing.models.notices import Kind
from safelight.sharing.notices import sending
from safelight.sharing.notices.webhook import Hook
from safelight.staff.actions.add_shift import add_shift
from safelight.staff.actions.add_team import add_team
from safelight.staff.models import Rank
from safelight.staff.said import ShiftSaid, TeamSaid

BURNS_TEAM, PHONE = "Burns on call", "4321"
ELSEWHERE = "northside.example"
DAYS = 14
PAGER_SECRET = "pager-secret"  # noqa: S105 - the name of a file


def open_colleagues(people: Mapping[str, Actor], *, keys: Path, address: str, now: datetime) -> UUID:
    """Make teams, rota, pager and the list of accredited domains; the id of the burns team. The server must run: the pager is tested."""
    by, burns = people["ada"], uuid4()
    on_call = {Rank.FIRST: "lim", Rank.SECOND: "webb", Rank.CONSULTANT: "patel"}
    said = TeamSaid(name=BURNS_TEAM, phone=PHONE, lead=people["webb"].id, people=frozenset(people[name].id for name in on_call.values()))
    add_team(by=by, said=said, now=now, new_id=burns)
    for rank, name in on_call.items():
        for day in range(DAYS):
            begins = now + timedelta(days=day)
            shift = ShiftSaid(person=people[name].id, rank=rank, begins=begins, ends=begins + timedelta(days=1))
            add_shift(by=by, team_id=burns, said=shift, now=now, new_id=uuid4())
    said = TeamSaid(name="Plastic surgery", phone="4400", lead=people["patel"].id, people=frozenset({people["patel"].id}))
    add_team(by=by, said=said, now=now, new_id=uuid4())
    _pager(by, burns, keys=keys, address=address)
    listed = accredited.read(
        f"domain,organisation\n{ELSEWHERE},Northside Hospital\n".encode(), dated=now.date(), owner="B Osei, information governance"
    )
    take_accredited_list(by=by, said=listed, now=now, new_id=uuid4())
    return burns


def _pager(by: Actor, team: UUID, *, keys: Path, address: str) -> None:
    """The pager's gateway is on the page of the demonstration. A test goes through before anything urgent counts on it."""
    secret, channel = secrets.token_urlsafe(32), uuid4()
    (keys / PAGER_SECRET).write_text(secret)
    sealed = sending.seal(Hook(f"{address}/demo/pager/", secret).plain(), channel=channel)
    add_channel(by=by, channel_id=channel, kind=Kind.WEBHOOK, name="Pager 4321", sealed=sealed, person=None, team=team, now=clock.now())
    sending.send(sending.test_errand(Channel.objects.get(pk=channel), test_id=uuid4()), now=clock.now())
    note_channel_tested(by=by, channel_id=channel, why="", now=clock.now())
