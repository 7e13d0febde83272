"""A message as the HTML half of a mail: the plain text to the letter, with its picture and our links.

Used by mail. Every word is escaped, nothing is loaded from anywhere: the picture comes with the mail. No colours of its
own, so light and dark readers show it as they show all else. Pure.
"""

from html import escape

from alerts.message import Message
from alerts.plain_text import body_of, places_of

_STYLE = "font-family:sans-serif;font-size:15px;line-height:1.45;max-width:44em"


def html_text(message: Message, *, picture: str, description: str) -> str:
    """Return the HTML of a message with one picture.

    Args: picture: Content-ID of the picture, without angle brackets. description: what it shows, for who cannot see it.
    """
    first, _, rest = body_of(message).partition("\n\n")
    places = "<br>\n".join(
        f'{escape(label)}: <a href="{escape(address)}">{escape(address)}</a>' for label, address in places_of(message)
    )
    image = (
        f'<img src="cid:{escape(picture)}" alt="{escape(description)}" width="640" '
        'style="max-width:100%;height:auto;border:0">'
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"></head><body><div style="{_STYLE}">\n'
        f"{_paragraphs(first)}\n<p>{image}</p>\n{_paragraphs(rest)}\n<p>{places}</p>\n</div></body></html>\n"
    )


def _paragraphs(text: str) -> str:
    lines = (escape(each).replace("\n", "<br>\n") for each in text.split("\n\n") if each)
    return "\n".join(f"<p>{each}</p>" for each in lines)
