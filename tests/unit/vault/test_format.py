"""The object format, against Tink itself in both directions."""

import io
import json
import random

import pytest
import tink
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import PROJECT
from tink import secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2 as streaming
from tink.proto import common_pb2, tink_pb2

from safelight.vault import format as sealing

KEY = bytes(range(32))
CONTEXT = b"v1|site|object|record|1"
SIZES = [
    0,
    1,
    sealing.FIRST_PLAIN - 1,
    sealing.FIRST_PLAIN,
    sealing.FIRST_PLAIN + 1,
    sealing.FIRST_PLAIN + sealing.PLAIN,
    7_000_001,
]
VECTORS = PROJECT / "tests" / "vectors" / "vault" / "object.json"
streaming_aead.register()


def _tink(key: bytes = KEY) -> streaming_aead.StreamingAead:
    params = streaming.AesGcmHkdfStreamingParams(ciphertext_segment_size=1 << 20, derived_key_size=32, hkdf_hash_type=common_pb2.SHA256)
    data = tink_pb2.KeyData(
        type_url="type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey",
        value=streaming.AesGcmHkdfStreamingKey(version=0, key_value=key, params=params).SerializeToString(),
        key_material_type=tink_pb2.KeyData.SYMMETRIC,
    )
    one = tink_pb2.Keyset.Key(key_data=data, status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW)
    keyset = tink_pb2.Keyset(primary_key_id=1, key=[one])
    return tink.proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN).primitive(streaming_aead.StreamingAead)


def _data(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def _seal(data: bytes, key: bytes = KEY, context: bytes = CONTEXT, piece: int = 65_537) -> bytes:
    pieces = [data[at : at + piece] for at in range(0, len(data), piece)]
    return b"".join(bytes(part) for part in sealing.seal(pieces, key=key, context=context))


def _open(sealed: bytes, key: bytes = KEY, context: bytes = CONTEXT) -> bytes:
    read = sealing.unseal(lambda at, length: sealed[at : at + length], len(sealed), key=key, context=context)
    return b"".join(bytes(part) for part in read)


class _Open(io.BytesIO):
    def close(self) -> None:
        """Tink closes what it wrote to; the bytes are still wanted."""


@pytest.mark.goal("R3")
@pytest.mark.parametrize("size", SIZES)
def test_tink_opens_what_is_sealed_here(size):
    sealed = _seal(_data(size))
    assert len(sealed) == sealing.sealed_size(size)
    assert _tink().new_decrypting_stream(io.BytesIO(sealed), CONTEXT).read() == _data(size)


@pytest.mark.goal("R3")
@pytest.mark.parametrize("size", SIZES)
def test_opens_what_tink_has_sealed(size):
    out = _Open()
    with _tink().new_encrypting_stream(out, CONTEXT) as stream:
        stream.write(_data(size))
    assert _open(out.getvalue()) == _data(size)
    assert sealing.plain_size(len(out.getvalue())) == size


def _refused(sealed: bytes, **how: bytes) -> bool:
    try:
        _open(sealed, **how)
    except sealing.NotAuthentic:
        return True
    return False


@pytest.mark.goal("R3")
def test_accepts_none_of_four_thousand_tampered_objects():
    data = _data(sealing.FIRST_PLAIN + 70_000)  # two segments
    sealed = _seal(data)
    other = _seal(_data(len(data) + 1)[1:])
    head, first, second = sealed[:40], sealed[40 : sealing.SEGMENT], sealed[sealing.SEGMENT :]
    chance, tried = random.Random(3), 0
    for _ in range(1_500):  # one bit, half of them in the header and the tags
        raw = bytearray(sealed)
        at = chance.choice([chance.randrange(40), chance.randrange(len(raw)), len(raw) - 1 - chance.randrange(16)])
        raw[at] ^= 1 << chance.randrange(8)
        assert _refused(bytes(raw))
        tried += 1
    for size in range(0, 40 + 16 + 97 * 1_200, 97):
        assert _refused(second[:size])
        tried += 1
    for size in [*range(41), *range(len(sealed) - 1_200, len(sealed))]:
        assert _refused(sealed[:size])
        tried += 1
    wholes = [
        head + second + first,
        head + first,
        head + second,
        head + first + second + second,
        head + first + first + second,
        other[:40] + first + second,
        head + other[40 : sealing.SEGMENT] + second,
        head + first + other[sealing.SEGMENT :],
        sealed + b"\0",
        sealed + bytes(sealing.SEGMENT),
    ]
    for whole in wholes:
        assert _refused(whole)
        tried += 1
    for bit in range(256):
        assert _refused(sealed, key=bytes(b ^ (1 << bit % 8) if at == bit // 8 else b for at, b in enumerate(KEY)))
        tried += 1
    assert _refused(sealed, context=b"v1|site|another|record|1")
    assert tried + 1 >= 3_854


@given(st.integers(0, 2_300_000), st.integers(0, 2_300_000), st.integers(0, 2_300_000))
def test_a_range_is_the_slice_of_the_whole(size, start, stop):
    data, sealed = _RANGED[:size], None
    sealed = _seal(data)
    read = sealing.unseal_range(lambda at, length: sealed[at : at + length], len(sealed), key=KEY, context=CONTEXT, start=start, stop=stop)
    assert b"".join(read) == data[start : max(start, stop)]


_RANGED = _data(2_300_000)


def test_a_range_of_a_shortened_object_is_refused():
    sealed = _seal(_data(3_000_000))[: 2 * sealing.SEGMENT]
    with pytest.raises(sealing.NotAuthentic):
        list(sealing.unseal_range(lambda at, n: sealed[at : at + n], len(sealed), key=KEY, context=CONTEXT, start=0, stop=10))


@pytest.mark.parametrize("length", [0, 40, 55, sealing.SEGMENT + 1, sealing.SEGMENT + 15])
def test_a_length_that_no_object_has_is_refused(length):
    with pytest.raises(sealing.NotAuthentic):
        sealing.plain_size(length)


def test_two_objects_of_the_same_bytes_differ_wholly():
    one, two = _seal(b"a" * 1000), _seal(b"a" * 1000)
    assert one[1:40] != two[1:40]
    assert one[40:] != two[40:]


def test_the_published_vectors_still_open():
    for vector in json.loads(VECTORS.read_text()):
        opened = _open(bytes.fromhex(vector["sealed"]), key=bytes.fromhex(vector["key"]), context=vector["context"].encode())
        assert opened == bytes.fromhex(vector["plain"])
