"""Words that decide whether a part of a name can stand for the whole, without accents and capitals."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONNECTORS = _words("de del la las los el y e da do dos das di van von der den bin al")
"""Words inside a name that carry no identity of their own."""

ARTICLES = _words("el la los las un una")

GIVEN_NAMES = _words(
    """
    abel abraham adela adolfo adrian agustin alan alba alberto alejandra alejandro alex alexander
    alfonso alfredo alicia alma alonso alvaro amalia amanda amelia america ana andrea andres angel
    angela angelica anibal antonia antonio ariel armando arturo augusto aurora axel barbara beatriz
    benito benjamin bernardo berta blanca boris brenda bruno camila camilo carla carlos carmen carolina
    catalina cecilia cesar christian clara claudia claudio concepcion consuelo cristian cristina
    cristobal dalia damian daniel daniela dario david delia delfina diana diego dilma dolores domingo
    donald dora edgar edmundo eduardo efrain elena elias elisa elizabeth eloy elsa elvira emilia
    emiliano emilio emma emmanuel enrique ernesto esteban estela ester eugenia eugenio eva evelyn evo
    fabian fabiola fatima federico felipe felix fermin fernanda fernando fidel florencia francisca
    francisco franco gabriel gabriela genaro gerardo german gilberto gloria gonzalo graciela gregorio
    guadalupe guillermo gustavo hector helena henry herminia hernan hilda horacio hugo humberto ignacio
    ines irene irma isaac isabel isidro ismael ivan jacinto jacobo jaime javier jazmin jesica jessica
    jesus jimena joaquin joe jorge jose josefa josefina joel john jonathan juan juana juancarlos
    juanjose julia julian juliana julieta julio justo karen karina karla kevin keiko laura lautaro
    lazaro leandro leonardo leonel leonor leopoldo leticia lidia lilia liliana lorena lorenzo lourdes
    lucas lucia luciana luciano lucio luis luisa luz macarena magdalena manuel manuela marcela marcelo
    marco marcos margarita maria mariana mariano marina mario marisol marta martha martin mateo matias
    mauricio max maximo mercedes michael micaela miguel miriam moises monica nadia nancy natalia nayib
    nelida nelson nestor nicolas noe noelia nora norberto norma octavio ofelia olga omar orlando oscar
    otto pablo paloma pamela paola patricia patricio paula paulina pedro pilar rafael raimundo ramiro
    ramon raquel raul rebeca regina renata rene ricardo rita roberto rocio rodolfo rodrigo rogelio roman
    romina rosa rosalia rosario roxana ruben salvador samuel sandra santiago santos sara saul sebastian
    sergio silvia simon sofia sol soledad sonia susana tamara tatiana teodoro teresa tomas trinidad
    ursula valentin valentina valeria vanesa vanessa veronica vicente victor victoria vilma violeta
    virginia viviana vladimir walter william wilson ximena yolanda zoe
    """
)
"""Common given names: they begin a person's name, and by themselves they mean nobody in particular."""

GENERIC_HEADS = _words(
    """
    academia administracion agencia aeropuerto alcaldia alianza almirantazgo archivo area armada
    asamblea asociacion audiencia autoridad ayuntamiento banco biblioteca bloque bolsa caja camara campo
    canal capital casa catedral central centro ciudad club coalicion colegio comando comision comite
    compania comunidad condado confederacion congreso consejo consejeria consorcio constitucion
    contraloria convenio cooperativa coordinacion corporacion corte costa cuerpo cumbre decreto
    defensoria delegacion departamento diario direccion distrito division editorial ejercito embajada
    empresa escuela estacion estado estados facultad federacion fiscalia fondo foro frente fuerza
    fuerzas fundacion gobierno gran grupo guardia hospital iglesia instituto inspeccion isla islas junta
    juzgado legislatura ley liga mar mesa ministerio ministro monte movimiento municipio museo nacion
    naciones nueva nuevo oficina organismo organizacion palacio parlamento parque partido patronato plan
    plataforma plaza poder policia presidencia presidente prefectura procuraduria programa provincia
    proyecto puerto puente radio ramblas real red region registro reino republica residencia rio sala
    san santa santo santuario secretaria seguro senado servicio sindicato sistema sociedad subsecretaria
    superintendencia teatro tratado tribunal union universidad valle viceministerio villa zona
    """
)
"""First words of institutions and places; what follows is shared (Universidad de Chile is not Chile)."""

TITLES = _words(
    """
    abogada abogado alcalde alcaldesa almirante arzobispo cabo canciller candidata candidato capitan
    cardenal comandante comisaria comisario coronel consejera consejero contralor contralora diputada
    diputado director directora doctor doctora don dona dr dra economista embajador embajadora emperador
    exalcalde excanciller exministra exministro expresidenta expresidente fiscal general gobernador
    gobernadora ingeniera ingeniero intendente jefa jefe jueza juez lic licenciada licenciado ing
    magistrada magistrado maestra maestro ministra ministro monsenor obispo padre papa premier
    presidenta presidente princesa principe procurador procuradora profesor profesora rector rectora
    reina rey secretaria secretario senador senadora senor senora sr sra srta sargento subsecretaria
    subsecretario teniente vicepresidenta vicepresidente viceministra viceministro vocera vocero
    """
)
"""Words in front of a person's name that are no part of it."""

SENTENCE_OPENERS = _words(
    """
    a al ante antes asi aun aunque ayer bajo cada como con contra cuando de del desde despues dijo donde
    dos durante el ella ellos en entonces entre era es esa ese eso esta este esto fue ha hacia hasta hay
    hoy la las le lo los luego mas me mi mientras mientras muy ni no nos o para pero por porque pues que
    quien se segun ser si sin sino sobre su sus tal tambien tampoco tanto te tras tu un una y ya yo
    """
)
"""Words that begin with a capital because a sentence begins, and so are no part of the name that follows."""
