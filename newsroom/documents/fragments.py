"""Makes a `Documento` into the fragments that are read one by one."""

import hashlib
import logging
from collections import Counter
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from newsroom.documents.files import read_document, read_text
from newsroom.documents.splitting import split_document
from newsroom.documents.texto import Seccion, Texto
from newsroom.errors import InvalidInput
from newsroom.inputs import describe
from newsroom.models.documento import Documento
from newsroom.models.fragmento import Fragmento

_ID_CHARS = 32
logger = logging.getLogger(__name__)


def load(documento: Documento) -> Texto:
    """Returns the document's text, from its file or from its field `contenido_texto`.

    Raises:
        InvalidInput: the file cannot be read as text.
    """
    if documento.ruta is not None:
        return read_document(Path(documento.ruta))
    assert documento.contenido_texto is not None
    return read_text(documento.contenido_texto)


def build_fragmentos(documento: Documento, max_tokens: int) -> tuple[Fragmento, ...]:
    """Returns the fragments of a document in order. Together they are its text, character by character.

    A fragment's identity is a hash of its text and a counter of equal texts, not its position. So it is
    still the same fragment after a change elsewhere in the document.

    Args:
        documento: the document.
        max_tokens: the length of a fragment at most, in estimated tokens.

    Raises:
        InvalidInput: the file cannot be read as text, or a fragment is larger than an item may be.
    """
    texto = load(documento)
    read = {"formato": texto.formato, "codificacion": texto.codificacion}
    known = documento.metadata | {key: value for key, value in read.items() if value}
    ficha = documento.ficha.model_copy(update={"metadata": known})
    for warning in texto.advertencias:
        logger.warning("%s: %s", documento.titulo[:80], warning)
    secciones = split_document(texto, max_tokens)
    # The same text with other cuts has other fragments in the same places, so it must count as changed.
    cuts = ",".join(str(seccion.offset_inicio) for seccion in secciones)
    whole = ficha.fingerprint_with(texto.texto, cuts)
    repeated: Counter[str] = Counter()
    fragmentos = []
    for number, seccion in enumerate(secciones):
        words = texto.texto[seccion.offset_inicio : seccion.offset_fin]
        digest = hashlib.sha256(words.encode()).hexdigest()[:_ID_CHARS]
        repeated[digest] += 1
        try:
            fragmento = Fragmento(
                id_fragmento=f"{digest}-{repeated[digest]}",
                id_articulo_fuente=ficha.identidad[:255],
                orden_en_articulo=number,
                documento=ficha,
                huella_documento=whole,
                metadata_adicional=_place(seccion),
                texto_original=words,
            )
        except ValidationError as exc:
            raise InvalidInput(f"fragment {number + 1}: {describe(exc)}", "documento") from exc
        fragmentos.append(fragmento)
    return tuple(fragmentos)


def _place(seccion: Seccion) -> dict[str, Any]:
    place = {
        "titulo_seccion": seccion.titulo_seccion,
        "pagina_inicio": seccion.num_pagina_inicio,
        "pagina_fin": seccion.num_pagina_fin,
        "offset_inicio": seccion.offset_inicio,
        "offset_fin": seccion.offset_fin,
    }
    return {key: value for key, value in place.items() if value is not None}
