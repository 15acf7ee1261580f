"""The same synthetic park solved by this package and by its peers; ``make bench-peers``."""
