"""What the terminal says when a camera on a cable was brought in."""

from collections import Counter

from rich.console import Console

from handover.reasons import SAYS
from station.usb_job import Kept


def tell(console: Console, kept: Kept) -> None:
    """Tell what became of the camera's photos. Never that its card is empty: only a reader can prove that."""
    photos = "1 photo is" if kept.safe == 1 else f"{kept.safe} photos are"
    console.print(f"[bold yellow]You can take the cable out.[/bold yellow] {photos} safe.")
    if kept.deleted:
        console.print(f"  The camera says that it deleted {len(kept.deleted)}. That is not proved: wipe its card at this station.")
    for why, count in sorted(Counter(kept.left.values()).items()):
        console.print(f"  {count} left: {SAYS[why]}")
