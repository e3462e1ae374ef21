"""Results in formats for other programs: tables, references, markup."""
