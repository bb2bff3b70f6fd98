"""Covering a JPEG in its coefficients, by the libjpeg that Pillow brings. Only for the worker: it decodes, and may end the process.

1. The file is read to the quantised coefficients of its blocks (`jpeg_read_coefficients`); no pixel is computed.
2. The blocks of each area become one black constant; no other is touched.
3. All are written again with the same quantisation tables (`jpeg_write_coefficients`), and nothing else of the file: coded data
   afresh, so that nothing can hide in it either. Progressive stays progressive; arithmetic coding becomes Huffman, which browsers show.

The interface is that of libjpeg 6.2 (`libjpeg.so.62`), whose structures are fixed for good; libjpeg checks version and sizes itself.
What it finds wrong it answers by ending the process; what it only warns about is not covered here.
"""

import ctypes
import re
from pathlib import Path

from PIL import _imaging

from safelight.deidentify.covering.orientation import Edges
from safelight.deidentify.covering.segments import PROGRESSIVE, Component, Frame

_LIBRARY = re.compile(r"/\S*libjpeg\S*\.so\.62\S*$", re.MULTILINE)
_VERSION, _READER, _WRITER, _ERRORS = 62, 632, 520, 168  # libjpeg 6.2 on 64 bits: sizes in bytes of its three structures
_MEMORY_AT, _WIDTH_AT, _SPACE_AT = 8, 48, 60  # in jpeg_decompress_struct
_ACCESS_BLOCKS_AT = 64  # in jpeg_memory_mgr
_WARNINGS_AT = 128  # in jpeg_error_mgr
_YCBCR, _YCCK = 3, 5  # J_COLOR_SPACE
_BLOCK = 128  # bytes: 64 coefficients of 16 bits

_Rows = ctypes.POINTER(ctypes.c_void_p)
_AccessBlocks = ctypes.CFUNCTYPE(_Rows, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_int)


class Library:
    """libjpeg as it is loaded in this process."""

    def __init__(self) -> None:
        """Raises OSError where Pillow does not use this libjpeg."""
        assert _imaging  # noqa: S101 - importing it is what loads the library
        found = _LIBRARY.search(Path("/proc/self/maps").read_text())
        if found is None or ctypes.sizeof(ctypes.c_void_p) != 8:  # noqa: PLR2004 - bytes
            raise OSError("no libjpeg 6.2")
        self._c = ctypes.CDLL(found[0])
        self._free = ctypes.CDLL(None).free
        self._free.argtypes = [ctypes.c_void_p]
        here, size = ctypes.c_void_p, ctypes.c_size_t
        for name, arguments in {
            "jpeg_std_error": [here],
            "jpeg_CreateDecompress": [here, ctypes.c_int, size],
            "jpeg_CreateCompress": [here, ctypes.c_int, size],
            "jpeg_mem_src": [here, here, ctypes.c_ulong],
            "jpeg_mem_dest": [here, here, here],
            "jpeg_read_header": [here, ctypes.c_int],
            "jpeg_read_coefficients": [here],
            "jpeg_copy_critical_parameters": [here, here],
            "jpeg_simple_progression": [here],
            "jpeg_write_coefficients": [here, here],
            "jpeg_finish_compress": [here],
            "jpeg_finish_decompress": [here],
            "jpeg_destroy": [here],
        }.items():
            getattr(self._c, name).argtypes = arguments
        self._c.jpeg_read_coefficients.restype = here

    def cover(self, data: bytes, frame: Frame, areas: list[Edges]) -> bytes | None:
        """The file with black in each area of whole units; None where libjpeg warned that something in it is wrong."""
        errors, reader, writer = (ctypes.create_string_buffer(size) for size in (_ERRORS, _READER, _WRITER))
        written, length = ctypes.c_void_p(), ctypes.c_ulong()
        self._c.jpeg_std_error(errors)
        for structure in (reader, writer):
            ctypes.c_void_p.from_buffer(structure).value = ctypes.addressof(errors)
        self._c.jpeg_CreateDecompress(reader, _VERSION, _READER)
        self._c.jpeg_CreateCompress(writer, _VERSION, _WRITER)
        try:
            self._c.jpeg_mem_src(reader, data, len(data))
            self._c.jpeg_read_header(reader, 1)
            read = (ctypes.c_uint * 3).from_buffer(reader, _WIDTH_AT)
            if tuple(read) != (frame.width, frame.height, len(frame.components)):
                return None
            arrays = self._c.jpeg_read_coefficients(reader)  # (1)
            if ctypes.c_long.from_buffer(errors, _WARNINGS_AT).value:
                return None
            space = ctypes.c_int.from_buffer(reader, _SPACE_AT).value
            self._blacken(reader, arrays, frame, space, areas)  # (2)
            self._c.jpeg_mem_dest(writer, ctypes.byref(written), ctypes.byref(length))  # (3)
            self._c.jpeg_copy_critical_parameters(reader, writer)
            if frame.kind in PROGRESSIVE:
                self._c.jpeg_simple_progression(writer)
            self._c.jpeg_write_coefficients(writer, arrays)
            self._c.jpeg_finish_compress(writer)
            self._c.jpeg_finish_decompress(reader)
            return ctypes.string_at(written, length.value)
        finally:
            self._c.jpeg_destroy(writer)
            self._c.jpeg_destroy(reader)
            self._free(written)

    def _blacken(self, reader: "ctypes.Array[ctypes.c_char]", arrays: int, frame: Frame, space: int, areas: list[Edges]) -> None:
        memory = ctypes.c_void_p.from_buffer(reader, _MEMORY_AT).value or 0
        access = _AccessBlocks(ctypes.c_void_p.from_address(memory + _ACCESS_BLOCKS_AT).value or 0)
        blocks = ctypes.cast(arrays, _Rows)
        across, down = frame.unit
        for number, part in enumerate(frame.components):
            width, height = (
                -(-frame.width * part.across // across),
                -(-frame.height * part.down // down),
            )
            black = _black(part, number, space).to_bytes(2, "little", signed=True) + bytes(_BLOCK - 2)
            for x0, y0, x1, y1 in areas:
                first, last = x0 * part.across // across, min(-(-x1 * part.across // across), width)
                row = black * (last - first)
                for at in range(y0 * part.down // down, min(-(-y1 * part.down // down), height)):
                    stored = access(ctypes.addressof(reader), blocks[number], at, 1, 1)[0]
                    ctypes.memmove((stored or 0) + first * _BLOCK, row, len(row))


def _black(part: Component, number: int, space: int) -> int:
    """The first coefficient of a black block: the whole distance from the middle of the scale, or none for a difference of colours.

    Of four inks a file stores how little there is of each, as Adobe began and all decoders take it; the light of YCCK is turned into ink.
    """
    darkest, lightest = (-(-value // part.step) if part.step else 0 for value in (1024, 1016))
    if space == _YCCK:
        return (lightest, 0, 0, -darkest)[number]
    return 0 if space == _YCBCR and number else -darkest
