"""Words that decide whether two names are one: without accents and capitals, to be extended by an editor."""

from newsroom.models.vocabulario import TipoEntidad


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS = _words("a al con de del e el en la las lo los o para por u un una y")
"""Words of a body's name that carry no meaning of their own."""

NUMBER_SIGNS = _words("n no nº num numero nro")
"""Stand in front of the number of a law."""

HONORIFICS = _words("benemerita excelentisima excelentisimo excma excmo honorable ilustre ilustrisimo")
"""Open a body's name and may be left out. Not `real`: a Real Decreto is no Decreto."""

LEGAL_FORMS = _words("corp cv inc ltd ltda sa sab sac sae sas sau scrl sl slu spa srl")
"""End a company's name and may be left out."""

ABBREVIATIONS = {
    "admin": "administracion", "asoc": "asociacion", "ayto": "ayuntamiento", "depto": "departamento",
    "dpto": "departamento", "fund": "fundacion", "gob": "gobierno", "gral": "general", "inst": "instituto",
    "min": "ministerio", "mun": "municipalidad", "nac": "nacional", "prov": "provincia", "sec": "secretaria",
    "univ": "universidad",
}  # fmt: skip

_ORDINALS = """
primer primero primera | segundo segunda | tercer tercero tercera | cuarto cuarta | quinto quinta |
sexto sexta | septimo septima | octavo octava | noveno novena | decimo decima | undecimo undecima |
duodecimo duodecima | decimotercero decimotercera | decimocuarto decimocuarta | decimoquinto decimoquinta
"""
ORDINALS = {
    word: str(number) for number, group in enumerate(_ORDINALS.split("|"), 1) for word in group.split()
}

HONOURED = _words("papa rey reina principe princesa san santa santo emperador")
"""Titles that belong to the name where only one word follows: Papa Francisco is not Francisco."""

MORE_TITLES = _words(
    """
    abogados activista actor actriz agente almirante asesor asesora autor autora brigadier candidatos
    cantante catedratica catedratico concejal consul coordinador coordinadora coronela delegada delegado
    dirigente edil empresario empresaria escritor escritora exalcaldesa excomandante exdiputada exdiputado
    exfiscal exgobernador exgobernadora exguerrillero exjefe exjuez exmandatario exprimer exsenador
    exsenadora expresidentes exvicepresidenta exvicepresidente historiador historiadora investigador
    investigadora jerarca jurista lehendakari lider lideresa mandataria mandatario mariscal mayor militar
    opositor opositora parlamentaria parlamentario periodista policia politico portavoz prefecto
    prefecta primer primera sacerdote sargenta senorita sindicalista soldado titular tesorero teniente
    tenienta veedor vicealcalde vicecanciller vicegobernador vocal
    """
)
"""Words in front of a person's name that are no part of it, beside grounding.lexicon.TITLES."""

OFFICES = _words(
    """
    agricultura ambiente camara ciencia comercio comunicacion congreso consejo cultura defensa deportes
    desarrollo economia educacion energia estado exteriores finanzas fiscalia gobierno hacienda igualdad
    industria interior justicia medio mineria ministros nacion obras planificacion produccion publicas
    publica publico relaciones republica salud seguridad senado social tecnologia trabajo transporte
    transportes turismo vivienda
    """
)
"""What somebody is minister or president of: part of the title, as in `ministro de Economía Luis Caputo`."""

COMMON_SURNAMES = _words(
    """
    acosta aguilar aguirre alonso alvarado alvarez arias arroyo avila ayala benitez blanco bravo caballero
    cabrera calderon calvo campos cano cardenas carrasco carrillo castillo castro chavez contreras cordero
    cordova correa cortes crespo cruz delgado diaz diez dominguez duran escobar espinosa espinoza estrada
    fernandez ferrer figueroa flores franco fuentes gallardo gallego garcia garrido gil gimenez gomez
    gonzales gonzalez guerra guerrero gutierrez guzman hernandez herrera herrero hidalgo ibanez iglesias
    jimenez juarez leon lopez lozano luna maldonado marin marquez martin martinez medina mejia mendez
    mendoza miranda molina montero mora morales moreno moya munoz navarro nunez ochoa ojeda orozco ortega
    ortiz pacheco padilla paredes parra pascual pastor paz pena peralta perez pineda ponce prieto quintero
    quiroga ramirez ramos rey reyes rios rivas rivera robles rodriguez rojas roman romero rosales rosas ruiz
    saavedra salas salazar salinas sanchez sandoval santana santiago santos serrano silva solis soriano sosa
    soto suarez tapia toledo torres trujillo valdez valencia valenzuela vargas vasquez vazquez vega velasco
    velasquez velazquez vera vicente vidal villa villalobos zamora zapata zuniga
    """
)
"""Surnames so common that a given name left out or spelt otherwise makes somebody else."""

GIVEN_OR_SURNAME = _words(
    """
    agustin alonso benito bernardo blanca bruno camilo concepcion diego domingo elias esteban felix franco
    german isidro jaime julian justo leon lorenzo lucas luz marcos mariano martin mateo max maximo miguel
    nicolas pascual ramon rene roman rosa rosario salvador santiago santos sebastian simon sol tomas valentin
    vicente victoria
    """
)
"""Given names that are surnames too: where the surnames of a name begin is then a guess."""

MORE_GIVEN_NAMES = _words(
    """
    abdel abelardo adan adriana aitor albino alcides aleida aleksandr alma alondra amado amaya anastasio
    anselmo antonella araceli aracely arnoldo asuncion aurelio baltazar basilio bautista belen benedicto
    bernarda borja braulio brigida calixto candido carme casimiro celestino celia cesareo ciro clemente
    conrado corina daisy danilo delcy demetrio edith edison efrain elmer eloisa emil encarnacion epifanio
    ercilia erika estanislao eustaquio evaristo fabricio facundo fausto fernan flor franklin froilan
    gerson gianella gilda gina giovanni giselle gladys glenda graciana greta haydee heriberto hermes
    hernando hilario hipolito ida ignacia ilan ilda imanol inigo inmaculada iris irma isaias itziar iñaki
    inaki ivan ivonne jacqueline janet jenny jeronimo jesse jessika jimmy joan jordi josep josue juvenal
    lenin leocadio lisandro lizbeth llorenc loreto luciana ludovico luigi luiz lupe mabel maite malena marc
    marcial margot mariela marilyn marisela maritza matilde mauro mayra melchor melissa merce mikel mildred
    minerva mireia mirta montserrat narciso nataly nayeli nelly nerea neus nilda noel noemi nuria odalys
    olegario olivia onofre oriol osvaldo oswaldo pablos pascuala paulo petronila pio porfirio primitivo
    priscila quim ramona reinaldo reynaldo rigoberto rolando romeo romulo ronald rosana rosalinda rosita
    rufino saturnino selena serafin severino sixto socorro susan tania telesforo teofilo tito ulises
    urbano vanina virgilio wanda wilfredo xavier xiomara yamila yanina yesenia yolanda zacarias zulema
    """
)
"""Given names beside grounding.lexicon.GIVEN_NAMES."""

EVERYBODYS = _words("jose maria")
"""Given names so common that the second one is what people go by."""

HYPOCORISTICS = {
    "alex": "alejandro", "beto": "alberto", "bill": "william", "chema": "jose", "chente": "vicente",
    "cristi": "cristina", "joe": "joseph", "kike": "enrique", "lucho": "luis", "manolo": "manuel",
    "memo": "guillermo", "mike": "michael", "nacho": "ignacio", "pancho": "francisco", "paco": "francisco",
    "patxi": "francisco", "pepe": "jose", "quique": "enrique", "rafa": "rafael", "tito": "roberto",
    "tono": "antonio", "toño": "antonio",
}  # fmt: skip

SHARED_ACRONYMS = _words(
    """
    anp ani ant anr apra ata ate bcp bcr bn bna cap cc cdc cgt cne cnt csj csjn cta cut dgt dni fa fge fgr
    fn fpv ig imas ims inc inde ine inec inei inta ips isss jce lnj mas mc md mef mh mir mop mp mpp mtc
    mud na ops pac pais pan pc pcc pce pcv pdc pgr pin pj pl pld pln plrc pn pnc pnp pp ppd pr prd pri pro
    ps psc psd psp pt pv rn sat sec sena sep sii sip spd ssa sve tc te tsj tse tsje tve ubc uc
    uca ucr ucv uda udi uia un una unc und une uni unl unp unr uns unt up upr ute uv
    """
)
"""Acronyms that several bodies of the Spanish-speaking world bear: by themselves they prove nothing."""

GENERIC_WORDS = _words(
    """
    agraria agricultura ambiental ambiente apelaciones armadas asuntos autonoma bomberos catolica central
    ciencia ciencias civil comercio comun comunicacion constitucional constituyente consumidor cuentas
    cultura defensa democratica democratico deportes derechos desarrollo diputados distrital ejecutivo
    economia economica economico educacion electoral electorales elecciones energia estadistica estatal
    exterior exteriores familia federal finanzas fiscal garantias general hacienda humanos igualdad
    independiente industria interior internacional investigacion judicial judicatura justicia laboral
    legislativa legislativo local medio mineria ministerial ministros mujer municipal nacion nacional
    nacionales obras parlamentario penal permanente planificacion popular presidencial primera provincial
    publica publicas publico pueblo reforma regional relaciones republica salud sanidad segunda seguridad
    senadores social socialista sostenible superior suprema supremo tecnologia trabajo transporte
    transportes turismo unida unidas unido unidos vivienda
    """
)
"""Words that bodies of every country bear, beside grounding.lexicon.GENERIC_HEADS."""

_COUNTRIES = """
alemania aleman alemana alemanes | argelia argelino argelina | argentina argentino argentinos argentinas |
australia australiano australiana | austria austriaco austriaca | belgica belga | bolivia boliviano
boliviana bolivianos | brasil brasileno brasilena brasilenos | bulgaria bulgaro bulgara | canada canadiense |
chile chileno chilena chilenos | china chino chinos | colombia colombiano colombiana colombianos |
corea-norte norcoreano norcoreana | corea-sur surcoreano surcoreana | costa-rica costarricense
costarricenses | cuba cubano cubana cubanos | dinamarca danes danesa | ecuador ecuatoriano ecuatoriana
ecuatorianos | egipto egipcio egipcia | salvador salvadoreno salvadorena salvadorenos | espana espanol
espanola espanoles espanolas | estados-unidos estadounidense estadounidenses eeuu | europa europeo europea
europeos europeas | filipinas filipino filipina | finlandia finlandes finlandesa | francia frances francesa
franceses | grecia griego griega | guatemala guatemalteco guatemalteca | guinea-ecuatorial ecuatoguineano |
haiti haitiano haitiana | honduras hondureno hondurena | hungria hungaro hungara | india | indonesia
indonesio | iran irani iranies | irak iraqui | irlanda irlandes irlandesa | israel israeli israelies |
italia italiano italiana italianos | japon japones japonesa | libano libanes libanesa | libia libio |
marruecos marroqui | mexico mexicano mexicana mexicanos mexicanas | nicaragua nicaraguense | noruega noruego |
paises-bajos neerlandes neerlandesa holanda holandes holandesa | palestina palestino | panama panameno
panamena | paraguay paraguayo paraguaya | peru peruano peruana peruanos | polonia polaco polaca | portugal
portugues portuguesa | puerto-rico puertorriqueno puertorriquena | reino-unido britanico britanica |
republica-dominicana dominicano dominicana dominicanos | rumania rumano rumana | rusia ruso rusa rusos |
siria sirio | sudafrica sudafricano sudafricana | suecia sueco sueca | suiza suizo | tunez tunecino
tunecina | turquia turco turca | ucrania ucraniano ucraniana | uruguay uruguayo uruguaya uruguayos |
venezuela venezolano venezolana venezolanos | vietnam vietnamita
"""
COUNTRIES = {word: group.split()[0] for group in _COUNTRIES.split("|") for word in group.split()}
"""A country of one word, or a gentilicio -> its country."""

LONG_COUNTRIES = {
    "corea norte": "corea-norte", "corea sur": "corea-sur", "costa rica": "costa-rica",
    "estados unidos": "estados-unidos", "guinea ecuatorial": "guinea-ecuatorial",
    "paises bajos": "paises-bajos", "puerto rico": "puerto-rico", "reino unido": "reino-unido",
    "republica dominicana": "republica-dominicana", "arabia saudi": "arabia-saudi",
    "arabia saudita": "arabia-saudi",
}  # fmt: skip
"""A country of two words, stop words left out -> the same."""

_PLACES = (
    "estados unidos | estados unidos america | eeuu | eua | usa",
    "reino unido | reino unido gran bretana irlanda norte",
    "ciudad mexico | cdmx",
    "ciudad autonoma buenos aires | caba",
    "mexico | estados unidos mexicanos",
    "venezuela | republica bolivariana venezuela",
    "bolivia | estado plurinacional bolivia",
    "uruguay | republica oriental uruguay",
    "argentina | republica argentina",
    "china | republica popular china",
    "rusia | federacion rusa | federacion rusia",
    "corea sur | republica corea",
    "corea norte | republica popular democratica corea",
    "siria | republica arabe siria",
    "iran | republica islamica iran",
    "paises bajos | holanda",
    "birmania | myanmar",
    "costa marfil | cote ivoire",
    "chequia | republica checa",
    "santiago chile | santiago de chile",
    "espana | reino espana",
    "alemania | republica federal alemania",
    "emiratos arabes unidos | eau",
)
_PLAIN_REPUBLICS = """
chile colombia peru ecuador panama paraguay cuba guatemala honduras nicaragua francia italia polonia
turquia
"""

_BODIES = (
    "organizacion naciones unidas | naciones unidas | onu",
    "organizacion tratado atlantico norte | otan | alianza atlantica | nato",
    "union europea | ue",
    "comision economica america latina caribe | comision economica america latina | cepal",
    "petroleos mexicanos | pemex",
    "petroleos venezuela | petroleos venezuela pdvsa | pdvsa",
    "corporacion nacional cobre | corporacion nacional cobre chile | codelco",
    "fondo naciones unidas infancia | unicef",
    "organizacion naciones unidas educacion ciencia cultura | unesco",
    "alto comisionado naciones unidas refugiados | acnur",
    "organizacion naciones unidas alimentacion agricultura | fao",
    "oficina federal investigacion | buro federal investigaciones | buro federal investigacion | fbi",
    "agencia central inteligencia | cia",
    "organizacion cooperacion desarrollo economicos | organizacion cooperacion desarrollo economico | ocde",
    "organizacion estados americanos | oea",
    "organizacion paises exportadores petroleo | opep",
    "mercado comun sur | mercosur",
    "comunidad estados latinoamericanos caribenos | celac",
    "union naciones suramericanas | unasur",
    "banco interamericano desarrollo | bid",
    "banco bilbao vizcaya argentaria | bbva",
    "movimiento regeneracion nacional | morena",
    "partido popular europeo | ppe",
    "yacimientos petroliferos fiscales | ypf",
    "servicio inteligencia nacional bolivariano | servicio bolivariano inteligencia nacional | sebin",
    "euskadi ta askatasuna | eta",
    "estado islamico | isis | daesh",
    "comisiones obreras | ccoo",
    "fuerzas armadas | ffaa",
    "asociacion mundial futbol | federacion internacional futbol asociacion | fifa",
)


def _groups(lines: tuple[str, ...]) -> dict[str, int]:
    return {name.strip(): number for number, line in enumerate(lines) for name in line.split("|")}


_PLACE_GROUPS = _groups(_PLACES + tuple(f"{name} | republica {name}" for name in _PLAIN_REPUBLICS.split()))
_BODY_GROUPS = _groups(_BODIES)

KNOWN_NAMES: dict[TipoEntidad, dict[str, int]] = {
    TipoEntidad.LUGAR: _PLACE_GROUPS,
    TipoEntidad.ORGANIZACION: _BODY_GROUPS,
    TipoEntidad.INSTITUCION: _BODY_GROUPS,
}
"""Names, stop words left out, that are known to be one (the same number), by tipo."""
