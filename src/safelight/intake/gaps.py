"""Which file numbers a sequence lacks. Pure.

A camera counts each release of the shutter, 0001 to 9999, and begins anew in the next folder (CIPA DC-009): a number that is not on
the card between two that are was taken and is gone.
"""

from collections.abc import Iterable

Number = tuple[int, int]


def missing_numbers(sequence: Iterable[Number], on_card: Iterable[Number]) -> list[Number]:
    """Folder and file number of what is missing between the first and the last of a sequence, by all that is on the card."""
    mine, there = sorted(set(sequence)), set(on_card)
    if not mine:
        return []
    (first_folder, first), (last_folder, last) = mine[0], mine[-1]
    if first_folder == last_folder:
        return [(first_folder, number) for number in range(first, last) if (first_folder, number) not in there]
    found: list[Number] = []
    for folder in range(first_folder, last_folder + 1):
        numbers = [number for place, number in there if place == folder]
        if numbers:
            # A camera may change folders before 9999: only what lies between numbers of one folder is known to be missing.
            begin = first if folder == first_folder else min(numbers)
            end = last if folder == last_folder else max(numbers)
            found += [(folder, number) for number in range(begin, end) if (folder, number) not in there]
    return found
