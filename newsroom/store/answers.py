"""Reads what the SQL functions answer into this system's objects.

An answer of another shape means that the database has the functions of another version.
"""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, RootModel, StringConstraints, TypeAdapter, ValidationError

from newsroom.errors import StoreRejected
from newsroom.linking.choosing import Candidato, Candidatos
from newsroom.models.fuente import EstadoFuente
from newsroom.models.metricas import Metricas
from newsroom.models.resultado import Conteos, DocumentoGuardado, Guardado

UNEXPECTED = "unexpected_answer"
"""The code for an answer without the shape that this version's migrations promise."""

_T = TypeVar("_T")


class _Counts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    resultado: str = "sin_cambios"
    articulo_id: int | None = None
    documento_id: int | None = None
    fragmento_id: int | None = None
    num_hechos_insertados: int
    num_entidades_procesadas: int
    num_entidades_nuevas: int
    num_citas_insertadas: int
    num_datos_insertados: int
    num_rel_he_insertadas: int
    num_rel_hh_insertadas: int
    num_rel_ee_insertadas: int
    num_contradicciones_insertadas: int

    def to_guardado(self) -> Guardado:
        return Guardado(
            resultado=self.resultado,
            articulo_id=self.articulo_id,
            documento_id=self.documento_id,
            fragmento_id=self.fragmento_id,
            entidades_nuevas=self.num_entidades_nuevas,
            conteos=Conteos(
                hechos=self.num_hechos_insertados,
                entidades=self.num_entidades_procesadas,
                citas_textuales=self.num_citas_insertadas,
                datos_cuantitativos=self.num_datos_insertados,
                hecho_entidad=self.num_rel_he_insertadas,
                hecho_relacionado=self.num_rel_hh_insertadas,
                entidad_relacion=self.num_rel_ee_insertadas,
                contradicciones=self.num_contradicciones_insertadas,
            ),
        )


class _Candidato(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: int
    nombre: str
    alias: list[str]
    es_exacto: bool


class _Candidatos(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    id_local: int
    completos: bool
    candidatos: list[_Candidato]

    def to_candidatos(self) -> Candidatos:
        rows = (Candidato(row.id, row.nombre, tuple(row.alias), row.es_exacto) for row in self.candidatos)
        return Candidatos(tuple(rows), self.completos)


class _Id(BaseModel):
    id: int


class _Documento(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    documento_id: int
    procesado: bool
    pendientes: list[str]
    num_fragmentos_eliminados: int

    def to_guardado(self) -> DocumentoGuardado:
        return DocumentoGuardado(**self.model_dump())


class _ToRetry(BaseModel):
    por_reintentar: int


class _Version(RootModel[Annotated[str, StringConstraints(pattern=r"^[0-9]+$")]]):
    pass


_COUNTS: TypeAdapter[_Counts] = TypeAdapter(_Counts)
_CANDIDATES: TypeAdapter[list[_Candidatos]] = TypeAdapter(list[_Candidatos])
_METRICAS: TypeAdapter[Metricas] = TypeAdapter(Metricas)
_ID: TypeAdapter[_Id] = TypeAdapter(_Id)
_ROW: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])
_ROWS: TypeAdapter[list[dict[str, Any]]] = TypeAdapter(list[dict[str, Any]])
_DOCUMENTO: TypeAdapter[_Documento] = TypeAdapter(_Documento)
_VERSION: TypeAdapter[_Version] = TypeAdapter(_Version)
_FUENTE: TypeAdapter[EstadoFuente] = TypeAdapter(EstadoFuente)
_FUENTES: TypeAdapter[list[EstadoFuente]] = TypeAdapter(list[EstadoFuente])
_IDENTIDADES: TypeAdapter[list[str]] = TypeAdapter(list[str])
_TO_RETRY: TypeAdapter[_ToRetry] = TypeAdapter(_ToRetry)


def read_guardado(data: object) -> Guardado:
    """Returns the answer of insertar_articulo_completo, insertar_fragmento_completo or buscar_articulo."""
    return _read(_COUNTS, data).to_guardado()


def read_candidates(data: object) -> dict[int, Candidatos]:
    """Returns what buscar_candidatos_entidades answers, by local id."""
    return {found.id_local: found.to_candidatos() for found in _read(_CANDIDATES, data)}


def read_documento(data: object) -> DocumentoGuardado:
    """Returns what completar_documento answers."""
    return _read(_DOCUMENTO, data).to_guardado()


def read_metrics(data: object) -> Metricas:
    """Returns what metricas answers."""
    # Not strict: JSON has no tuples, and numeric sums may come as 3.0.
    return _read(_METRICAS, data, strict=False)


def read_fuente(data: object) -> EstadoFuente:
    """Returns what anotar_fuente answers."""
    # Not strict: JSON has no moments.
    return _read(_FUENTE, data, strict=False)


def read_fuentes(data: object) -> list[EstadoFuente]:
    """Returns what leer_fuentes answers."""
    return _read(_FUENTES, data, strict=False)


def read_identidades(data: object) -> set[str]:
    """Returns what identidades_conocidas answers."""
    identidades: list[str] = _read(_IDENTIDADES, data)
    return set(identidades)


def read_to_retry(data: object) -> int:
    """Returns the number of {"por_reintentar"}."""
    return _read(_TO_RETRY, data).por_reintentar


def read_id(data: object) -> int:
    """Returns the id of {"id"}."""
    return _read(_ID, data).id


def read_row(data: object) -> dict[str, Any]:
    """Returns an object as it came."""
    return _read(_ROW, data)


def read_rows(data: object) -> list[dict[str, Any]]:
    """Returns the rows of a table as they came."""
    return _read(_ROWS, data)


def read_version(data: object) -> str:
    """Returns the version that nivel_migraciones answers, a string of digits."""
    return _read(_VERSION, data).root


def _read(adapter: TypeAdapter[_T], data: object, *, strict: bool = True) -> _T:
    try:
        return adapter.validate_python(data, strict=strict)
    except ValidationError as exc:
        # pydantic's own message repeats the value, which may be an article.
        first = exc.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the answer"
        raise StoreRejected(
            f"the database's answer is not what this version expects ({place}: {first['type']}): "
            "its migrations are of another version; run 'noticias doctor'",
            code=UNEXPECTED,
        ) from None
