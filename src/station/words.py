"""What the terminal beside the reader says."""

from collections import Counter

from rich.console import Console

from handover.reasons import SAYS, Left
from station.outcome import Outcome

NOT_HERE = (
    "This card cannot be worked on here, or this station's own disk takes nothing any more. Nothing was erased that the server has"
    " not confirmed. Leave the card in and have both looked at."
)
STEPS = {
    "read": "Reading the card",
    "send": "Copying",
    "check": "Checking every byte",
    "erase": "Wiping the photos",
    "compare": "Comparing every photo once more",
    "discard": "Wiping the whole card",
    "overwrite": "Overwriting the whole card",
    "fill": "Wiping the free space",
    "prove": "Reading the card again",
}


class Screen:
    """Says each step once, and at the end whether the card may come out."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._last = ""

    def step(self, step: str, done: int, of: int) -> None:
        """Tell how far the work is. The card stays in until it is done."""
        says = f"[bold]Leave the card in.[/bold] {STEPS[step]}" + (f": {done} of {of}" if of else "")
        if says != self._last:
            self.console.print(says)
            self._last = says

    def done(self, outcome: Outcome) -> None:
        """Tell what became of the card."""
        self._last = ""
        photos = "1 photo is" if outcome.erased == 1 else f"{outcome.erased} photos are"
        if outcome.clean:
            self.console.print(f"[bold green]You can take the card out.[/bold green] {photos} safe. The card is empty.")
            self._say_what_is_proved(outcome)
            if outcome.whole:
                self.console.print("  The card was wiped as a whole. Format it once in the camera before the first photo.")
            return
        self.console.print(f"[bold yellow]You can take the card out.[/bold yellow] {photos} safe and erased from it.")
        if not outcome.empty and not outcome.left:
            self.console.print("  Something new was written to the card meanwhile. Put it in again.")
        for why, count in sorted(Counter(fate.why for fate in outcome.left if fate.why).items()):
            self.console.print(f"  {count} left: {SAYS[why]}")
        if outcome.residue:
            self.console.print(f"  {outcome.residue} photos can still be read. {SAYS[Left.NOT_PROVED]}")
        else:
            self._say_what_is_proved(outcome)

    def _say_what_is_proved(self, outcome: Outcome) -> None:
        """How far the erasing reaches, and where it ends."""
        if outcome.filled:
            self.console.print(
                "  No photo can be recovered through the card's normal interface: it was read again. "
                "A laboratory may still find copies, so the card stays in the hospital."
            )
        elif outcome.erased:
            self.console.print("  The photos were overwritten and read again. Names of the photos may still be found on it.")
            if outcome.empty and outcome.kind != "folder":
                self.console.print("  Its free space could not be overwritten: what was deleted in the camera may still be found on it.")

    def wait(self, says: str) -> None:
        """Tell why nothing happens now."""
        if says != self._last:
            self.console.print(says)
            self._last = says
