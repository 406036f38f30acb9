"""A gold file is checked when it is read. A wrong one gives one line with file and field."""

from pathlib import Path
from typing import Any

import pytest

from newsroom.errors import InvalidInput
from newsroom.evaluation.gold import read_gold, read_gold_set
from tests.unit.evaluation_material import TEXTO, annotation, gold, write

SHIPPED = Path(__file__).parents[1] / "data" / "gold"


def test_a_gold_file_is_read(tmp_path: Path) -> None:
    read = gold(tmp_path)
    assert read.nombre == "01-prueba"
    assert read.is_wanted
    assert read.esperado.hechos[2].fecha is not None
    assert read.esperado.hechos[2].fecha.fin is None
    span = read.locate_dato(read.esperado.datos[0])
    assert span.cut(TEXTO) == "50 millones de euros"


def changed(key: str, position: int, **values: Any) -> dict[str, Any]:
    items = [dict(item) for item in annotation()[key]]
    items[position] |= values
    return {key: items}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (changed("hechos", 0, pasaje="Nadie lo dijo."), "hechos.0.pasaje"),
        (changed("entidades", 0, menciones=["Ana Paz"]), "entidades.0.menciones"),
        (changed("citas", 0, cita="No habrá recorte alguno"), "citas.0.cita"),
        (changed("datos", 1, pasaje="13 escuelas"), "datos.1.pasaje"),
        (changed("citas", 0, emisor="Luis Paz"), "citas.0.emisor"),
        (changed("hechos", 1, entidades=["Luis Paz"]), "hechos.1.entidades"),
        (changed("datos", 0, hecho=4), "datos.0.hecho"),
        (changed("entidades", 1, tipo="PARTIDO"), "entidades.1.tipo"),
        ({"decision": []}, "decision"),
        ({"otra": 1}, "otra"),
        (
            {"relaciones": {"hecho_relacionado": [{"origen": 9, "destino": 1, "tipo": "causa"}]}},
            "relaciones.hecho_relacionado.0",
        ),
        (
            {"relaciones": {"entidad_relacion": [{"origen": "X", "destino": "CCT", "tipo": "aliado_con"}]}},
            "relaciones.entidad_relacion.0",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        gold(tmp_path, **changes)
    assert "01-prueba.yaml" in str(caught.value)
    assert field in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_yaml(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("articulo: [", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"a\.yaml: not readable as YAML"):
        read_gold(path)
    path.write_text("- 1", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"a\.yaml: a gold article is a mapping"):
        read_gold(path)


def test_a_folder_without_gold_and_one_article_twice(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no such folder"):
        read_gold_set(tmp_path / "none")
    with pytest.raises(InvalidInput, match=r"no \.yaml file"):
        read_gold_set(tmp_path)
    write(tmp_path, "a")
    write(tmp_path, "b")
    with pytest.raises(InvalidInput, match="a and b are the same article"):
        read_gold_set(tmp_path)


def test_the_shipped_set_is_sound_and_large_enough() -> None:
    golds = read_gold_set(SHIPPED)
    assert len(golds) >= 22
    assert len({read.esperado.articulo.pais_publicacion for read in golds}) >= 15
    assert any(not read.is_wanted for read in golds)
