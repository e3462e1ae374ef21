"""How results are written for other programs: tables, references, markup."""
