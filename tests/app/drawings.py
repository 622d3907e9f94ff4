"""What stands in a drawn chart, read back from its SVG."""

import re

from app.charts import Chart


def drawn_marks(chart: Chart, kind: str) -> int:
    """How many shapes of a kind ("rect", "line", "rule", "symbol", "text") were drawn."""
    groups = re.findall(rf'<g class="mark-{kind} role-mark[^>]*>(.*?)</g>', chart.svg, re.DOTALL)
    return sum(len(re.findall("<path|<text|<line", group)) for group in groups)


def words(chart: Chart) -> list[str]:
    """All words of the drawing."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", chart.svg)


def place_of(chart: Chart, text: str) -> tuple[float, float]:
    """Where a word stands in the drawing, pixels to the right and downwards."""
    found = re.search(
        rf'<text[^>]*transform="translate\(([-0-9.]+),([-0-9.]+)\)"[^>]*>{re.escape(text)}<',
        chart.svg,
    )
    assert found, text
    return float(found[1]), float(found[2])
