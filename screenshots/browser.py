"""Take the pictures of the reader in a browser, from the embedded sample: needs Chromium.

``python -m screenshots.browser [FOLDER]`` serves the sample in an empty home,
opens the page in a headless Chromium in two sizes, and writes a PNG of each to
FOLDER, or beside this file.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from tests.support.command import Home
from tests.web.chromium import chromium

PICTURES = (("browser", 1280, 800), ("browser-narrow", 700, 900))
"""The name of each picture, and its size in pixels."""

_COLOURS = 256  # of a picture, which make it a third as large


def main(arguments: Sequence[str]) -> int:
    """Write both pictures to the folder in ``arguments``, or beside this file."""
    target = Path(arguments[0]) if arguments else Path(__file__).parent
    for picture in PICTURES:
        with tempfile.TemporaryDirectory(prefix="news-tui-pictures-") as folder:
            home = Home(Path(folder) / "home")
            with home.start("serve", "--port", "0", "--offline") as server:
                try:
                    line = server.stdout.readline() if server.stdout is not None else ""
                    (address,) = re.findall(r"http://\S+", line)
                    asyncio.run(_take(address, Path(folder) / "chromium", target, picture))
                finally:
                    server.terminate()
    return 0


async def _take(address: str, profile: Path, target: Path, wanted: tuple[str, int, int]) -> None:
    name, width, height = wanted
    async with chromium(profile) as browser, browser.tab(width, height) as tab:
        await tab.go(address)
        await tab.until_seen("of 40")
        await tab.press("g", "j", "j", "j")
        await tab.until_seen("4 of 40")
        picture = Image.open(io.BytesIO(await tab.picture())).convert("RGB")
        # The colours that occur most are kept, which those of the letters' edges are close to.
        picture = picture.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        picture.save(target / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
