"""The stored entidades for people: a list, pairs to review, what a merge did."""

from typing import Any

from rich.console import JustifyMethod
from rich.markup import escape
from rich.table import Table

from newsroom.inputs import printable
from noticias.screen.items import make_console

_NAME_CHARS, _ALIAS_CHARS = 44, 60


def print_entidades(rows: list[dict[str, Any]]) -> None:
    """Prints the entidades with their aliases and how many items name them."""
    if not rows:
        print("No entidad is stored yet: try `noticias process examples`.")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("id", "tipo", "nombre", "artículos", "fragmentos", "alias"):
        numeric = heading in ("id", "artículos", "fragmentos")
        width = {"nombre": _NAME_CHARS, "alias": _ALIAS_CHARS}.get(heading)
        justify: JustifyMethod = "right" if numeric else "left"
        table.add_column(heading, justify=justify, no_wrap=True, overflow="ellipsis", max_width=width)
    for row in rows:
        alias = ", ".join(row["alias"])
        table.add_row(
            str(row["id"]), row["tipo"], _text(row["nombre"]), str(row["articulos"]), str(row["fragmentos"]),
            _text(alias),
        )  # fmt: skip
    make_console().print(table)


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
