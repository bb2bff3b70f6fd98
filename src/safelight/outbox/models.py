"""What the outbox knows beside the engine's own tables."""

from django.db import models


class Takeover(models.Model):
    """A flow that was handed back to its queue because whoever took it does not run it; `runs` counts how often it was begun until then.

    Handing back clears the engine's own count, so that without this row a flow that kills its workers would walk round for ever.
    """

    flow = models.CharField(primary_key=True, max_length=200)
    runs = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    def __repr__(self) -> str:
        return f"<Takeover {self.pk}>"
