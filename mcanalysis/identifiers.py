"""Names that others know: of systems in the EU's list of countries, of sources CELEX, DOI, ISBN."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote

COUNTRIES = "http://publications.europa.eu/resource/authority/country/"
"""The country authority table of the Publications Office of the European Union."""

# ISO 3166-1, each alpha-2 code with its alpha-3 code.
_ISO_3166 = (
    "ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA "
    "AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES "
    "BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK "
    "CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA "
    "DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA "
    "GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS "
    "GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD "
    "IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA "
    "KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA "
    "LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ "
    "MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC "
    "NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM "
    "PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC "
    "SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV "
    "SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR "
    "TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR "
    "VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE "
)  # fmt: skip
_OTHERS = {"EU": "EUR"}  # the European Union has a place in the table, though it is no country


@cache
def _codes() -> dict[str, str]:
    return {pair[:2]: pair[2:] for pair in _ISO_3166.split()} | _OTHERS


def country(system: str) -> tuple[str, bool] | None:
    """Find the country of a system in the EU's authority table.

    Parameters
    ----------
    system : str
        ``system_id``: an ISO 3166-1 code, for a part of a country with more after a hyphen.

    Returns
    -------
    tuple of str and bool, or None
        The identifier, and whether it is that of the system itself or of the country that it is a
        part of; None where the id says nothing.

    References
    ----------
    Publications Office of the EU, *Country* authority table; ISO 3166-1:2020.

    Examples
    --------
    >>> country("DE")
    ('http://publications.europa.eu/resource/authority/country/DEU', True)
    >>> country("BE-FL")
    ('http://publications.europa.eu/resource/authority/country/BEL', False)
    >>> country("mine")
    """
    found = re.fullmatch(r"([A-Z]{2})(-[A-Z0-9]{1,3})?", system)
    code = found and _codes().get(found[1])
    return (COUNTRIES + code, found[2] is None) if found and code else None


_CELEX = re.compile(
    r"\bcelex(?:%3A|[:=\s])\s*"
    r"([0-9CE]\d{4}[A-Z]{1,2}\d{4}(?:\(\d{2}\))?(?:R\(\d{2}\))?(?:-\d{8})?)",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?<![\w.])10\.\d{4,9}/[^\s\"<>?#&]+")
_VIEW = re.compile(r"(?:/(?:full|abstract|pdf|epdf|meta|html)|\.pdf)+$", re.IGNORECASE)
_ISBN = re.compile(r"(?<!\d)97[89](?:-?\d){10}(?![\d-]*\d)|(?<=ISBN )97[89](?: ?\d){10}(?!\d)")


def identifiers(source: Mapping[str, Any], places: Iterable[str] = ()) -> dict[str, str]:
    """Find the identifiers that a source states: in address, title, note or a place in it.

    None is guessed or looked up: what the evidence does not state is not there.

    Parameters
    ----------
    source : dict
        A row of ``sources.csv``.
    places : iterable of str
        Locators of rows that cite it.

    Returns
    -------
    dict of str to str
        ``CELEX``, ``DOI``, ``ISBN`` (13 digits with a right check digit), each where it is stated.

    Examples
    --------
    >>> identifiers({"url": "https://doi.org/10.1000/182"})
    {'DOI': '10.1000/182'}
    """
    texts = [str(source[k]) for k in ("url", "title", "note") if source.get(k)]
    text = "\n".join(unquote(t) for t in [*texts, *places])
    found = {}
    if celex := _CELEX.search(text):
        found["CELEX"] = celex[1].upper()
    if doi := _DOI.search(text):
        found["DOI"] = _ended(doi[0])
    for isbn in _ISBN.finditer(text):
        digits = re.sub(r"\D", "", isbn[0])
        if sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(digits)) % 10 == 0:
            found["ISBN"] = digits
            break
    return found


def _ended(doi: str) -> str:
    """Cut off what belongs to the sentence or the address around a DOI."""
    doi = _VIEW.sub("", doi.rstrip(".,;:'*]}"))
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip(".,;:")
    return doi
