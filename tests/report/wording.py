"""What a reader of a page is shown, text by text."""

import html
import re


def texts_shown(page):
    """Return the texts of a page in their order: no code, no script, nothing behind a switch."""
    body = page.partition("<body")[2].partition("<footer")[0]
    without = re.sub(r"<(script|style|details)\b.*?</\1>|<pre.*?</pre>", "", body, flags=re.S)
    said = [*re.findall(r'alt="([^"]*)"', without), *re.sub(r"<[^>]+>", "\n", without).splitlines()]
    return list(filter(None, (html.unescape(text).strip() for text in said)))


def with_latin(texts):
    """Return the texts with two Latin letters in a row, in which English may be left."""
    return {text for text in texts if re.search("[A-Za-z]{2}", text)}
