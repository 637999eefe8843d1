"""Lets the tests of the pages find `map_cases` beside this file."""
