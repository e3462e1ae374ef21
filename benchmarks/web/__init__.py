"""How fast the page answers: to the first answer, each page asked first and again, many readers at once."""
