"""The programs that play at stations: what each reads, and the lists that it takes."""
