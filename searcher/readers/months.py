"""The names of the months, in the languages that dates are read in."""

from __future__ import annotations

__all__ = ["number"]

# The names and what is written for them, folded; "/" joins those of one month. Most are those of the Unicode
# CLDR (https://cldr.unicode.org), in the forms that dates have.
_NAMES = {
    "English": "january february march april may june july august september october november december",
    "German": "januar/jänner februar/feber/fév märz/mrz/maer/mar april mai juni juli august "
    "september oktober november dezember",
    "Dutch": "januari februari maart/mrt/mar april mei juni juli augustus september oktober "
    "november december",
    "French": "janvier février/fev mars avril mai juin/jun juillet/jul août/aout/aou septembre "
    "octobre novembre décembre/dec",
    "Spanish": "enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre "
    "noviembre diciembre",
    "Italian": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "Portuguese": "janeiro fevereiro março abril maio junho julho agosto setembro/septembro outubro "
    "novembro dezembro",
    "Catalan": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "Galician": "xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",
    "Romanian": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie "
    "noiembrie/nov decembrie",
    "Swedish": "januari februari mars april maj/mai juni juli augusti september oktober november "
    "december/des",
    "Danish": "januar februar marts/mars april maj/mai juni juli august september oktober november "
    "december/des",
    "Norwegian": "januar februar mars april mai/maj juni juli august september oktober november desember/dec",
    "Icelandic": "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
    "Finnish": "tammikuuta/tammikuussa helmikuuta/helmikuussa maaliskuuta/maaliskuussa "
    "huhtikuuta/huhtikuussa toukokuuta/toukokuussa kesäkuuta/kesäkuussa "
    "heinäkuuta/heinäkuussa elokuuta/elokuussa syyskuuta/syyskuussa lokakuuta/lokakuussa "
    "marraskuuta/marraskuussa joulukuuta/joulukuussa",
    "Estonian": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "Latvian": "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris "
    "novembris decembris",
    "Lithuanian": "sausio/sausis vasario/vasaris kovas/kovo balandis/balandžio gegužės "
    "birželio/birželis liepa/liepos rugpjūtis/rugpjūčio rugsėjis/rugsėjo spalio/spalis "
    "lapkritis/lapkričio gruodis/gruodžio",
    "Polish": "styczeń/stycznia/styczen/styczniu lutego/lutym marca/marzec/marcu "
    "kwiecień/kwietnia/kwiecien/kwietniu maja/maju czerwca/czerwiec/czerwcu "
    "lipca/lipiec/lipcu sierpień/sierpnia/sierpien/sierpniu "
    "wrzesień/września/wrzesien/wrzesnia/wrześniu/wrzesniu "
    "października/pazdziernika/październiku/pazdzierniku listopada/listopadzie "
    "grudnia/grudzień/grudzien/grudniu",
    "Czech": "leden/ledna/lednu února/únr/únoru/unora březen/března/březnu duben/dubna/dubnu "
    "květen/května/květnu červen/června/čvn/červnu července/červenec/čvc/črc/červenci/črv "
    "srpen/srpna/srpnu září říjen/října/říjnu listopadu prosince/prosinec/prosinci",
    "Slovak": "januára februára marca/marec apríla mája júna júla augusta september/septembra "
    "október/októbra november/novembra december/decembra",
    "Slovene": "januar februar marec april maj junij julij avgust september oktober november december",
    "Hungarian": "január február március április május június július augusztus szeptember október "
    "november december",
    "Turkish": "ocak şubat/sub mart nisan mayıs haziran temmuz ağustos/agu eylül ekim kasım aralık",
    "Indonesian": "januari/djanuari februari/pebruari maret/mrt april mei/mai juni/djuni juli/djuli "
    "agustus/agt september oktober november/nopember desember",
    "Russian": "январь/января февраль/февраля марта апрель/апреля май/мая июнь/июня июль/июля "
    "августа сентябрь/сентября октябрь/октября ноябрь/ноября декабрь/декабря",
    "Ukrainian": "січень/січня лютий/лютого березень/березня квітень/квітня травень/травня "
    "червень/червня липень/липня серпень/серпня вересень/вересня жовтень/жовтня листопада "
    "грудень/грудня",
    "Bulgarian": "януари февруари март април май юни юли август септември/септм октомври ноември/нов "
    "декември",
    "Serbian": "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",
    "Greek": "ιανουάριοσ/ιανουαρίου φεβρουάριοσ/φεβρουαρίου μάρτιοσ/μαρτίου απρίλιοσ/απριλίου "
    "μάιοσ/μαΐου ιουνίου/ιούνιοσ ιουλίου/ιούλιοσ αυγούστου/αύγουστοσ "
    "σεπτέμβριοσ/σεπτεμβρίου οκτωβρίου/οκτώβριοσ νοέμβριοσ/νοεμβρίου "
    "δεκέμβριοσ/δεκεμβρίου",
    "Arabic": "يناير فبراير مارس أبريل/ابريل/إبريل مايو يونيو/يونيه/يونية يوليو/يوليه/يولية "
    "أغسطس/اغسطس سبتمبر أكتوبر/اكتوبر نوفمبر ديسمبر",
    "Hebrew": "ינואר/ינו פברואר/פבר מרץ/מרס/מארס אפריל/אפר מאי יוני/יונ יולי/יול אוגוסט/אוג "
    "ספטמבר/ספט אוקטובר/אוק נובמבר/נוב דצמבר/דצמ",
    "Hindi": "जनवरी फ़रवरी/फरवरी मार्च अप्रैल  जून जुलाई अगस्त सितंबर/सितम्बर अक्तूबर/अक्टूबर नवंबर/नवम्बर दिसंबर/दिसम्बर",
    "Thai": "มกราคม/มกรา กุมภาพันธ์/กุมภา มีค/มีนาคม/มีนา เมย/เมษายน/เมษา พฤษภาคม/พฤษภา "
    "มิถุนายน/มิย/มิถุนา กรกฎาคม/กรกฎา สิงหาคม/สิงหา กันยายน/กันยา ตุลาคม/ตุลา "
    "พฤศจิกายน/พฤศจิ ธันวาคม/ธันวา",
}
#: The shortest beginning of a name that is an abbreviation of it.
_MIN_ABBREVIATION = 3
#: A name of so many letters may have an ending more of at most _ENDING letters: “januári”, “huhtikuuta”.
_LONG, _ENDING = 6, 2


def _numbers() -> dict[str, int]:
    """The number of each name and of each beginning that is long enough; the first language overrules."""
    out: dict[str, int] = {}
    rows = [[month.split("/") for month in names.split()] for names in _NAMES.values()]
    for row in rows:
        for number, forms in enumerate(row, 1):
            out.update({form: out.get(form, number) for form in forms})
    for row in rows:
        for number, forms in enumerate(row, 1):
            starts = (form[:end] for form in forms for end in range(_MIN_ABBREVIATION, len(form)))
            out.update({start: out.get(start, number) for start in starts})
    return out


_NUMBERS = _numbers()
_WHOLE = frozenset(form for names in _NAMES.values() for month in names.split() for form in month.split("/"))


def number(word: str) -> int | None:
    """1 to 12 for a word that is a month's name in any of the languages, or abbreviates one, else None."""
    word = word.casefold().removeprefix("ב")  # Hebrew for "in"
    if word in _NUMBERS:
        return _NUMBERS[word]
    stems = (word[:-more] for more in range(1, _ENDING + 1))
    return next((_NUMBERS[stem] for stem in stems if len(stem) >= _LONG and stem in _WHOLE), None)
