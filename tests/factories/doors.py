"""The station door as one station sees it."""

from django.test import Client
from tests.factories.custody import make_station


class StationDoor:
    """An enrolled station that asks with its credential."""

    def __init__(self) -> None:
        self.station, self.credential = make_station()
        self.client = Client()

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str):
        how = {"HTTP_AUTHORIZATION": f"Bearer {self.credential}"} | headers
        return self.client.generic(method, f"/station/v1/{path}", body, content_type="application/octet-stream", **how)
