"""The stored entidades for people: a list, pairs to review, what a merge did."""

from typing import Any

from rich.markup import escape

from newsroom.inputs import printable
from noticias.screen.tables import Column, make_console, print_table

_COLUMNS = (
    Column("id", numeric=True),
    Column("tipo"),
    Column("nombre", at_most=44),
    Column("artículos", numeric=True),
    Column("fragmentos", numeric=True),
    Column("alias", at_most=60),
)


def print_entidades(rows: list[dict[str, Any]]) -> None:
    """Prints the entidades with their aliases and how many items name them."""
    if not rows:
        print("No entidad is stored yet: try `noticias process examples`.")
        return
    print_table(make_console(), _COLUMNS, [_row(row) for row in rows])


def _row(row: dict[str, Any]) -> list[str]:
    counts = (str(row["articulos"]), str(row["fragmentos"]))
    return [
        str(row["id"]),
        row["tipo"],
        printable(row["nombre"]),
        *counts,
        printable(", ".join(row["alias"])),
    ]


def print_pairs(found: dict[str, Any]) -> None:
    """Prints the pairs of entidades that may be one. Pairs that linking would take for one come first."""
    console = make_console()
    for pair in found["pares"]:
        verdict = "parecen una" if pair["parecen_una"] else "quizá"
        console.print(
            f"{pair['id']} «{_text(pair['nombre'])}»  {pair['otra_id']} «{_text(pair['otro_nombre'])}»"
        )
        console.print(
            f"    {pair['tipo']}, {verdict} (parecido {pair['score']:.2f}): {_text(pair['motivo'])}",
            soft_wrap=True,
        )
    shown, all_of_them = len(found["pares"]), found["pares_hallados"]
    console.print(f"{shown} of {all_of_them} pairs among the newest {found['revisadas']} entidades")
    if found["siguiente"] is not None:
        console.print(f"Older ones: noticias entities --similar --before {found['siguiente']}")
    if found["pares"]:
        console.print("If two are one: noticias entities --merge ID INTO_ID (--unmerge ID takes it back)")


def print_merge(done: dict[str, Any]) -> None:
    """Prints what --merge or --unmerge did."""
    name = printable(done["nombre"])
    if "fusionada_en_id" in done:
        target = f"{done['fusionada_en_id']} «{printable(done['fusionada_en'])}»"
        print(f"{done['id']} «{name}» now stands for {target}. Take it back: --unmerge {done['id']}")
        return
    print(
        f"{done['id']} «{name}» stands for itself again; what articles named since then stays with "
        f"{done['separada_de_id']}."
    )


def _text(value: str) -> str:
    return escape(printable(value))
