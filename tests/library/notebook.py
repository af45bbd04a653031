"""Runs a notebook's cells in order, without Jupyter, and keeps what each answers: text, and charts as SVG.

`python -m tests.library.notebook` runs the notebooks of `docs/notebooks` anew and writes their answers into them.
"""

import ast
import json
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from tests.structure.kernels import ROOT

NOTEBOOKS = sorted((ROOT / "docs/notebooks").glob("*.ipynb"))


def answers(notebook: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The outputs of each code cell, in order, all cells in one namespace."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return [_run(source, number, namespace) for number, source in enumerate(code, 1)]


def _run(source: str, number: int, namespace: dict[str, Any]) -> list[dict[str, Any]]:
    """What a cell prints, and what its last expression is."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, value = StringIO(), None
    with redirect_stdout(printed):
        exec(compile(tree, f"cell {number}", "exec"), namespace)  # noqa: S102 - the notebook's own code
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), namespace)  # noqa: S307 - as above
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        outputs.append({"output_type": "stream", "name": "stdout", "text": _lines(printed.getvalue())})
    if value is not None:
        data = _data(value)
        outputs.append({"output_type": "execute_result", "execution_count": number, "metadata": {}, "data": data})
    return outputs


def _data(value: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a cell answers
    """A value as a notebook keeps it."""
    if type(value).__module__.startswith("altair"):
        import vl_convert  # noqa: PLC0415 - charts alone need it

        return {"text/plain": ["a chart"], "image/svg+xml": _lines(vl_convert.vegalite_to_svg(value.to_dict()))}
    return {"text/plain": _lines(repr(value))}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def texts(outputs: list[list[dict[str, Any]]]) -> list[list[str]]:
    """What each cell says in words; drawings may differ by a font."""
    return [["".join(each.get("text") or each["data"]["text/plain"]) for each in cell] for cell in outputs]


def main() -> None:
    """Write every notebook's answers into it."""
    for path in NOTEBOOKS:
        notebook = json.loads(path.read_text("utf-8"))
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for number, (cell, outputs) in enumerate(zip(cells, answers(notebook), strict=True), 1):
            cell |= {"execution_count": number, "outputs": outputs}
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
        sys.stdout.write(f"{path.relative_to(Path.cwd())}: {len(cells)} cells\n")


if __name__ == "__main__":
    main()
