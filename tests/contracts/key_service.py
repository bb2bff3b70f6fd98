"""The contract of a key service: every adapter's tests inherit it. A subclass gives `keys`, a fixture with a service of its own."""

import pytest

from safelight.vault.errors import WrongKey
from safelight.vault.ports import KeyService, Wrapped

DATA_KEY, CONTEXT = bytes(range(32)), b"v1|site|object|tray|1"


class KeyServiceContract:
    """What `safelight.vault.ports.KeyService` promises."""

    def test_unwraps_what_it_wrapped(self, keys):
        wrapped = keys.wrap(DATA_KEY, CONTEXT)
        assert keys.unwrap(wrapped, CONTEXT) == DATA_KEY
        assert DATA_KEY not in wrapped.sealed
        assert 0 < len(wrapped.sealed) <= 256
        assert 0 < len(wrapped.key_id) <= 32

    @pytest.mark.asvs("11.3.4")
    def test_never_wraps_twice_alike(self, keys):
        assert len({keys.wrap(DATA_KEY, CONTEXT).sealed for _ in range(50)}) == 50

    @pytest.mark.requirement("E5")
    @pytest.mark.parametrize("other", [b"", b"v1|site|object|patient|1", CONTEXT + b"\0", CONTEXT[:-1]])
    def test_does_not_unwrap_for_another_context(self, keys, other):
        wrapped = keys.wrap(DATA_KEY, CONTEXT)
        with pytest.raises(WrongKey):
            keys.unwrap(wrapped, other)

    @pytest.mark.goal("R3")
    def test_does_not_unwrap_what_was_changed(self, keys: KeyService):
        wrapped = keys.wrap(DATA_KEY, CONTEXT)
        for at in range(len(wrapped.sealed)):
            changed = bytearray(wrapped.sealed)
            changed[at] ^= 1
            with pytest.raises(WrongKey):
                keys.unwrap(Wrapped(wrapped.key_id, bytes(changed)), CONTEXT)
        for cut in (b"", wrapped.sealed[:5], wrapped.sealed[:-1], wrapped.sealed + b"x"):
            with pytest.raises(WrongKey):
                keys.unwrap(Wrapped(wrapped.key_id, cut), CONTEXT)

    def test_does_not_know_a_root_key_that_it_has_not(self, keys):
        wrapped = keys.wrap(DATA_KEY, CONTEXT)
        with pytest.raises(WrongKey):
            keys.unwrap(Wrapped("another", wrapped.sealed), CONTEXT)

    @pytest.mark.asvs("13.3.4")
    def test_wraps_under_a_new_root_key_after_rotation_and_unwraps_under_the_old(self, keys):
        old = keys.wrap(DATA_KEY, CONTEXT)
        newest = keys.rotate()
        new = keys.wrap(DATA_KEY, CONTEXT)
        assert (new.key_id, old.key_id != newest) == (newest, True)
        assert keys.unwrap(old, CONTEXT) == keys.unwrap(new, CONTEXT) == DATA_KEY
        with pytest.raises(WrongKey):
            keys.unwrap(Wrapped(newest, old.sealed), CONTEXT)

    def test_the_fingerprint_of_a_number_is_always_the_same_and_another_in_another_context(self, keys):
        one = keys.mac(b"site|nhs", b"9990000018", number=1)
        assert len(one) == 32
        assert one == keys.mac(b"site|nhs", b"9990000018", number=1)
        assert one not in {keys.mac(b"site|hospital", b"9990000018", number=1), keys.mac(b"site|nhs", b"9990000026", number=1)}
        keys.rotate()
        assert keys.mac(b"site|nhs", b"9990000018", number=1) == one

    def test_says_that_it_is_well(self, keys):
        assert keys.health() is None

    @pytest.mark.asvs("13.3.4")
    def test_a_retired_root_key_opens_nothing_and_the_newest_is_never_retired(self, keys):
        old = keys.wrap(DATA_KEY, CONTEXT)
        newest = keys.rotate()
        wrapped = keys.wrap(DATA_KEY, CONTEXT)
        assert keys.roots()[-1] == newest
        assert old.key_id in keys.roots()
        with pytest.raises(ValueError, match="newest"):
            keys.retire(newest)
        for _ in range(2):
            keys.retire(old.key_id)
        assert old.key_id not in keys.roots()
        with pytest.raises(WrongKey):
            keys.unwrap(old, CONTEXT)
        assert keys.unwrap(wrapped, CONTEXT) == DATA_KEY

    @pytest.mark.asvs("13.3.4")
    def test_a_new_index_key_is_made_once_and_finds_nothing_by_the_old(self, keys):
        one = keys.mac(b"site|nhs", b"9990000018", number=1)
        number = keys.index_keys()[0] + 1
        keys.make_index_key(number)
        assert keys.index_keys()[0] == number
        other = keys.mac(b"site|nhs", b"9990000018", number=number)
        assert one != other
        keys.make_index_key(number)
        assert keys.mac(b"site|nhs", b"9990000018", number=number) == other
        assert keys.mac(b"site|nhs", b"9990000018", number=1) == one
        keys.rotate()
        assert keys.mac(b"site|nhs", b"9990000018", number=number) == other

    def test_does_not_know_an_index_key_that_it_has_not(self, keys):
        with pytest.raises(WrongKey):
            keys.mac(b"site|nhs", b"9990000018", number=9999)

    @pytest.mark.asvs("13.3.4")
    def test_a_retired_index_key_is_gone_and_the_newest_is_never_retired(self, keys):
        number = keys.index_keys()[0]
        for _ in range(2):
            number += 1
            keys.make_index_key(number)
        newest = keys.mac(b"site|nhs", b"9990000018", number=number)
        with pytest.raises(ValueError, match="newest"):
            keys.retire_index_key(number)
        for _ in range(2):
            keys.retire_index_key(number - 1)
        assert number - 1 not in keys.index_keys()
        with pytest.raises(WrongKey):
            keys.mac(b"site|nhs", b"9990000018", number=number - 1)
        assert keys.mac(b"site|nhs", b"9990000018", number=number) == newest
