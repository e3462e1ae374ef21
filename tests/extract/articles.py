"""Small articles of our own in several languages: invented people, outlets and places."""

from __future__ import annotations

from searcher.article import Article

__all__ = ["ARTICLES"]

BODIES = {
    "de": """\
Die Stadtwerke Hollerau öffnen das Freibad erst im Mai. Das sagte die Sprecherin Jule Brandner am Montag.

„Wir finden keine Bademeister“, sagte Brandner dem „Holler Boten“. „Ohne sie darf niemand ins Wasser.“

Der Bürgermeister Konrad Velten widersprach. „Das Geld dafür liegt seit Januar bereit“, sagte Velten.

Das sogenannte „Holler Modell“ gilt seit drei Jahren.""",
    "fr": """\
Le bac du fleuve ne reprendra pas avant lundi, a annoncé la Compagnie du Littoral.

« Nous attendons une pièce du moteur », a expliqué Hélène Vaubert, directrice de la compagnie.

Le maire, Bastien Corrier, s’est dit surpris. « Personne ne nous a prévenus », a-t-il déclaré vendredi.""",
    "es": """\
La alcaldesa Remedios Lobera cerrará el mercado durante dos semanas para reparar el tejado.

«Los comerciantes recibirán una ayuda de trescientos euros», dijo Lobera, la alcaldesa.

El presidente de la Asociación de Comerciantes de Villamar, Tomás Quirante, lo ve de otro modo. «Con eso no \
pagamos ni la luz», dijo Quirante.""",
    "pl": """\
Port w Ostrowcach zamknie nabrzeże do końca marca. Poinformował o tym dyrektor portu Marek Zawilski.

– Musimy wymienić wszystkie oświetlenie – powiedział Zawilski.

„To dla nas katastrofa”, mówi Halina Bronka, która prowadzi tam kawiarnię. Z Zawilskim już rozmawiała.""",
    "ru": """\
Паромную переправу в Сосновце закрыли до весны, сообщил директор порта Пётр Гладышев.

«Лёд в этом году встал раньше обычного», — сказал Гладышев журналистам.

— Мы возим продукты на санях, — рассказала Вера Лукьянова, хозяйка магазина.""",
    "no": """\
Ferja mellom Sundnes og Lauvøya blir innstilt i to uker, opplyser Kystlinjen.

– Vi har ikke nok mannskap til å kjøre trygt, sier driftssjef Ragnhild Torvik.

Ordfører Eivind Hauknes er skuffet.

– Dette burde de ha visst i sommer, sier Hauknes.""",
    "ja": """\
青浜市は二十日、市民プールの再開を五月に延期すると発表した。

市長の柏木義男氏は記者会見で「監視員が足りない」と述べた。

市民団体の代表、森下京子さんは「子どもたちの夏が短くなる」と話した。""",
    "ar": """\
أعلنت شركة الساحل للنقل أن العبّارة إلى جزيرة النورس ستتوقف أسبوعين.

وقال مدير الشركة سامر الحلواني: «ننتظر قطعة من المحرك».

وقالت رئيسة البلدية ليلى القاضي إن السكان لم يُبلّغوا. «لم يتصل بنا أحد»، قالت القاضي.""",
}
ARTICLES = {language: Article(id=language, body=body, language=language) for language, body in BODIES.items()}
