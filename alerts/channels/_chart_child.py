"""The process in which a chart becomes a picture: a Vega-Lite specification comes in, a PNG goes out.

Started by the chart drawer, killed by it when time is up. It loads nothing: no address may be fetched from. Says
nothing but the picture; anything else than exit code 0 means that there is none.
"""

import sys

import vl_convert

SCALE = 2  # pixels of the picture for one of the screen: sharp on telephones


def main() -> None:
    """Turn the specification into a picture."""
    specification = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(vl_convert.vegalite_to_png(specification, scale=SCALE, allowed_base_urls=[]))


if __name__ == "__main__":
    main()
