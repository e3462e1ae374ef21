"""What is known of languages, as data: one pack a language, read by every stage that knows words."""

from searcher.languages.codes import code as code
from searcher.languages.pack import (
    ENGLISH as ENGLISH,
)
from searcher.languages.pack import (
    Pack as Pack,
)
from searcher.languages.pack import (
    all_languages as all_languages,
)
from searcher.languages.pack import (
    common_words as common_words,
)
from searcher.languages.pack import (
    pack as pack,
)
from searcher.languages.pack import (
    packed as packed,
)
from searcher.languages.pack import (
    serves_words as serves_words,
)
from searcher.languages.pack import (
    word_language as word_language,
)
