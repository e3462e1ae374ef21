"""The names of the months, in the languages that dates are read in."""

from __future__ import annotations

__all__ = ["number"]

# The beginnings that tell the months of each language apart, folded; "/" joins those of one month.
_BEGINNINGS = {
    "English": "jan feb mar apr may jun jul aug sep oct nov dec",
    "German": "jan/jän feb/fév mär/maer/märz/mar apr mai jun jul aug sep okt nov dez",
    "Dutch": "jan feb mrt/maa/mar apr mei jun jul aug sep okt nov dec",
    "French": "janv fév/fev/févr mars avr/avril mai juin juil aoû/aou sep oct nov déc/dec",
    "Spanish": "ene feb mar abr may jun/junio jul ago sep/set oct nov dic",
    "Italian": "gen feb mar/marzo apr mag/maggio giu lug ago set ott nov dic",
    "Portuguese": "jan fev mar/março abr mai jun jul ago set out nov dez",
    "Catalan": "gen febr març abr maig juny jul ago set oct nov des",
    "Romanian": "ian feb mar apr mai iun iul aug sep oct noi/noie dec",
    "Scandinavian": "jan feb mar/mars apr maj/mai jun jul aug sep okt nov dec/des",
    "Icelandic": "jan feb mars apr maí jún júl ágú sep okt nóv des",
    "Finnish": "tammi helmi maalis huhti toukok kesä heinä elok syys loka marras joulu",
    "Estonian": "jaan veeb märts apr mai juun juul aug sep okt nov dets",
    "Polish": "sty lut mar/marc kwi maj cze lip sie wrz paź/paz lis/listopad gru",
    "Czech": "led úno/unora březen/března dub květ červen/června červenec/července srp zář říj lis pros",
    "Hungarian": "jan febr már/márc ápr máj jún júl aug sze/szept okt nov dec",
    "Turkish": "oca şub/sub mart nis mayıs haz tem ağu/agu eyl eki kas ara",
    "Indonesian": "jan feb mar apr mei jun jul agu sep okt nov des",
    "Russian": "янв фев мар/марта апр май/мая июн июл авг сен окт ноя дек",
    "Ukrainian": "січ лют бер квіт трав черв лип серп вер жов листоп груд",
    "Bulgarian": "яну фев мар апр май юни юли авг септ/сеп окт ное/нов дек",
    "Serbian": "јан феб мар апр мај јун јул авг сеп окт нов дец",
    "Greek": "ιαν φεβ μαρ/μάρ απρ μαΐ/μαι/μάι ιουν/ιούν ιουλ/ιούλ αυγ/αύγ σεπ οκτ νοε δεκ",
    "Arabic": "يناير فبراير مارس أبريل/ابريل/إبريل مايو يونيو/يونيه يوليو/يوليه أغسطس/اغسطس سبتمبر"
    " أكتوبر/اكتوبر نوفمبر ديسمبر",
    "Hebrew": "ינואר פברואר מרץ/מרס אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "Hindi": "जनवरी फरवरी/फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर दिसंबर/दिसम्बर",
    "Thai": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
}
_NUMBERS = {
    beginning: number
    for names in _BEGINNINGS.values()
    for number, month in enumerate(names.split(), 1)
    for beginning in month.split("/")
}
_LONGEST_FIRST = sorted(_NUMBERS, key=len, reverse=True)


def number(word: str) -> int | None:
    """1 to 12 for a word that begins like a month's name in any of the languages, else None."""
    word = word.casefold().removeprefix("ב")  # Hebrew for "in"
    return next((_NUMBERS[start] for start in _LONGEST_FIRST if word.startswith(start)), None)
