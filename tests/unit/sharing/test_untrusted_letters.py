"""Letters made to break whoever reads them: each is read as far as it goes, and costs little."""

import time

import pytest

from safelight.sharing.mail import incoming

HEAD = b"From: r.patel@partner.test\r\nTo: safelight+abcdefghijklmnopqrstuvwx@nhs.test\r\n"
LONG = 200_000
BROKEN = {
    "ends within a quotation": b"Content-Type: application/pkcs7-mime; name*=\r\nt=undefined'x\r\n\r\nMII=",
    "holds a zero": b"Content-Type: application/pkcs7-mime; name*=\x00utf-8''x\r\n\r\nMII=",
    "opens a thousand brackets": b"Content-Type: " + b"(" * 5000 + b"\r\n\r\nhello",
    "has too many semicolons": b"Content-Type: text/plain; " + b";" * LONG + b"\r\n\r\nhello",
    "has too many quotes": b"Content-Disposition: " + b'"' * LONG + b"\r\n\r\nhello",
    "has too many addresses": b"Content-Transfer-Encoding: " + b"a@b.uk," * (LONG // 7) + b"\r\n\r\nhello",
    "has too many parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: text/x;;;;\r\n\r\n\r\n" * 5000,
    "is nested too deep": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1100)),
}


@pytest.mark.parametrize("rest", BROKEN.values(), ids=BROKEN)
def test_a_letter_that_is_made_to_break_its_reader_is_still_from_somebody_and_costs_little(rest):
    began = time.process_time()
    came = incoming.read(HEAD + rest)
    files = incoming.files(HEAD + rest)
    assert time.process_time() - began < 15, "some hundredths of a second as a rule; the unbounded parser takes minutes"
    assert came.sender is not None
    assert (came.sender.domain, came.tags, len(files)) == ("partner.test", ("abcdefghijklmnopqrstuvwx",), came.attachments)


def test_what_people_write_is_read_as_before():
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    words = b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nNo necrosis, caf\xc3\xa9.\r\n"
    file = b'--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="a.pdf"\r\n\r\nx\r\n--b--\r\n'
    came = incoming.read(head + words + file)
    assert (came.words.strip(), came.attachments) == ("No necrosis, café.", 1)
    assert [one.ending for one in incoming.files(head + words + file)] == ["pdf"]
