# SPDX-License-Identifier: Apache-2.0
"""Tables that scripts keep up in documents: what stands between <!-- NAME --> and <!-- /NAME -->."""
import re


def replaced(text, name, table):
    """The text with the table in its place. ValueError unless the marks stand there once."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    after, count = re.subn(re.escape(begin) + ".*?" + re.escape(end), lambda _: f"{begin}\n{table}\n{end}", text,
                           flags=re.S)
    if count != 1:
        raise ValueError(f"wants {begin} and {end} once")
    return after


def write(path, name, table):
    try:
        text = replaced(path.read_text(encoding="utf-8"), name, table)
    except ValueError as error:
        raise SystemExit(f"{path}: {error}") from error
    path.write_text(text, encoding="utf-8")


def shown(path, name, table):
    """Prints the table and, where a document is given, puts it there."""
    print(table)
    if path:
        write(path, name, table)
