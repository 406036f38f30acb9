"""Archives: what is in them is read; what climbs, links, lies about its size or grows too large is not."""

import io
import json
import struct
import tarfile
import zipfile

import pytest

from newsroom.intake import archives
from tests.unit.intake.conftest import Read, Reader

TEXT = "El Cabildo aprobó el lunes el plan de riego con nueve votos a favor y cuatro en contra."


def article(title: str) -> bytes:
    return json.dumps({"title": title, "text": TEXT}).encode()


def zipped(members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, body in members.items():
            archive.writestr(zipfile.ZipInfo(name), body, kind)
    return out.getvalue()


def tarred(members: list[tuple[tarfile.TarInfo, bytes]], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for info, body in members:
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    return out.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def titles(found: Read) -> list[str | None]:
    return [articulo.titular for articulo in found.articulos]


def places(found: Read) -> dict[str, str]:
    return {problem.place.partition("!")[2]: problem.message for problem in found.problems}


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz"])
def test_the_files_of_an_archive_are_read(read: Reader, name: str) -> None:
    files = {
        "a/uno.json": article("Uno"),
        "a/dos.jsonl": article("Dos") + b"\nroto\n" + article("Tres"),
        "a/cuatro.txt": f"Titular: Cuatro\n\n{TEXT}".encode(),
        "__MACOSX/a/._uno.json": b"\x00\x05",
        "a/.DS_Store": b"\x00",
    }
    mode = "w" if name == "a.tar" else "w:gz"
    body = zipped(files) if name == "a.zip" else tarred([(member(n), b) for n, b in files.items()], mode)
    found = read(name, body)
    assert titles(found) == ["Uno", "Dos", "Tres", "Cuatro"]
    assert list(places(found)) == ["a/dos.jsonl:2"]


def test_an_archive_without_files_says_so(read: Reader) -> None:
    assert read("a.zip", zipped({".DS_Store": b"x"})).problem == "an archive without a file to read"
    assert read("a.tar.gz", tarred([])).problem == "an archive without a file to read"


def test_a_path_that_climbs_is_not_read_and_the_others_are(read: Reader) -> None:
    names = ["../uno.json", "/dos.json", "a/../../tres.json", "a\\..\\..\\cuatro.json", "C:/cinco.json"]
    files = {name: article(name) for name in names} | {"seis.json": article("Seis")}
    for name, body in (
        ("a.zip", zipped(files)),
        ("a.tar", tarred([(member(n), b) for n, b in files.items()], "w")),
    ):
        found = read(name, body)
        assert titles(found) == ["Seis"]
        assert len(found.problems) == 5
        assert {problem.message for problem in found.problems} == {"a path that leaves the archive; not read"}


def test_links_and_devices_are_not_read(read: Reader) -> None:
    found = read("a.tar.gz", tarred([
        (member("enlace.json", tarfile.SYMTYPE, "/etc/passwd"), b""),
        (member("duro.json", tarfile.LNKTYPE, "bueno.json"), b""),
        (member("aparato", tarfile.CHRTYPE), b""),
        (member("cola", tarfile.FIFOTYPE), b""),
        (member("carpeta", tarfile.DIRTYPE), b""),
        (member("bueno.json"), article("Bueno")),
    ]))  # fmt: skip
    assert titles(found) == ["Bueno"]
    assert places(found).keys() == {"enlace.json", "duro.json", "aparato", "cola"}
    assert {problem.message for problem in found.problems} == {"a link or a device, no file; not read"}


@pytest.mark.parametrize("name", ["dentro.zip", "dentro.tar.gz", "dentro.json.gz"])
def test_an_archive_within_an_archive_is_not_unpacked(read: Reader, name: str) -> None:
    found = read("a.zip", zipped({name: zipped({"x.json": article("X")}), "bueno.json": article("Bueno")}))
    assert titles(found) == ["Bueno"]
    assert places(found) == {name: "an archive within an archive; unpack it first"}


def test_an_encrypted_member_is_not_read_and_the_others_are(read: Reader) -> None:
    body = bytearray(zipped({"secreto.json": article("Secreto"), "bueno.json": article("Bueno")}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(signature) + flags] |= 1
    found = read("a.zip", bytes(body))
    assert titles(found) == ["Bueno"]
    assert "encrypted" in places(found)["secreto.json"]


def test_a_header_that_lies_about_the_size_unpacks_no_more_than_it_says(read: Reader) -> None:
    real = 3_000_000
    body = zipped({"bomba.json": b" " * real, "bueno.json": article("Bueno")})
    assert body.count(struct.pack("<I", real)) == 2
    found = read("a.zip", body.replace(struct.pack("<I", real), struct.pack("<I", 10)))
    assert titles(found) == ["Bueno"]
    assert "broken or encrypted" in places(found)["bomba.json"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_a_member_too_large_is_not_read_and_the_others_are(
    read: Reader, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBER_BYTES", 10_000)
    files = {"bomba.json": b" " * 20_000, "bueno.json": article("Bueno")}
    body = zipped(files) if name == "a.zip" else tarred([(member(n), b) for n, b in files.items()])
    found = read(name, body)
    assert titles(found) == ["Bueno"]
    assert places(found) == {"bomba.json": "more than 10000 bytes unpacked; not read"}


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_an_archive_too_large_in_all_is_read_up_to_there(
    read: Reader, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 100_000)
    monkeypatch.setattr(archives, "MAX_MEMBER_BYTES", 60_000)
    files = {
        "bueno.json": article("Bueno"),
        "a.txt": b"a " * 40_000,
        "b.txt": b"b " * 40_000,
        "c.json": article("C"),
    }
    body = zipped(files) if name == "a.zip" else tarred([(member(n), b) for n, b in files.items()])
    found = read(name, body)
    assert titles(found) == ["Bueno"]
    assert "the rest of the archive is not read" in found.problems[-1].message


def test_too_many_files_are_read_up_to_there(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    found = read("a.zip", zipped({f"{n}.json": article(f"{n}") for n in range(4)}))
    assert titles(found) == ["0", "1"]
    assert places(found) == {"2.json": "more than 2 files in one archive; the rest is not read"}


def test_an_archive_that_breaks_off_gives_what_came_before(read: Reader) -> None:
    body = tarred(
        [(member("uno.json"), article("Uno")), (member("dos.json"), article("Dos") + b" " * 5_000)], "w"
    )
    found = read("a.tar", body[:2_000])
    assert titles(found) == ["Uno"]
    assert "broken" in found.problems[-1].message
