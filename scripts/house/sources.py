"""The source files of the product and the import graph between them, of Python and of the pages' JavaScript modules."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import grimp

STATIC = "hallflow/web/static/"
PACKAGES = ("hallflow", "kiosk", "display")
WSGI = "wsgi.py"
SHELL = "hallflow/web/templates/house.html"
# the folder that is served at each address, as the blueprints say
SERVED = {
    "/static/": STATIC,
    "/console-static/": "hallflow/console/static/",
    "/office-static/": "hallflow/office/static/",
    "/kiosk-static/": "kiosk/static/",
    "/display-static/": "display/static/",
}
SPECIFIER = re.compile(
    r"""^(?:import|export)\s*(?:[\w$*{},\s]*?\}?\s*from\s*)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']""",
    re.MULTILINE,
)
ENTRY = re.compile(r'"([\w-]+/)": "([^"]+)"')

Graph = dict[str, set[str]]


def files(root: Path) -> dict[str, int]:
    """Every Python and JavaScript file of the product with its number of lines, by its path."""
    found = [path for package in PACKAGES for path in (root / package).rglob("*") if path.suffix in (".py", ".js")]
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in sorted([*found, root / WSGI])}
    return {path.relative_to(root).as_posix(): lines for path, lines in lengths.items()}


def imports(root: Path) -> Graph:
    """Which file imports which: the module graph of both languages."""
    return python_imports(root) | script_imports(root)


def python_imports(root: Path) -> Graph:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)

    def path_of(module: str) -> str:
        path = module.replace(".", "/")
        return f"{path}.py" if (root / f"{path}.py").exists() else f"{path}/__init__.py"

    found = {
        path_of(module): {path_of(other) for other in graph.find_modules_directly_imported_by(module)}
        for module in graph.modules
    }
    # the one module outside of all packages
    names = [
        node.module
        for node in ast.walk(ast.parse((root / WSGI).read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
    ]
    return found | {WSGI: {path_of(name) for name in names if name and name.partition(".")[0] in PACKAGES}}


def script_imports(root: Path) -> Graph:
    """The import specifiers of the pages' modules, resolved by the import map of the pages' shell."""
    mapped = {name: folder_of(address) for name, address in ENTRY.findall((root / SHELL).read_text("utf-8"))}
    scripts = [path for path in files(root) if path.endswith(".js")]
    return {path: set(resolved(root, path, mapped)) for path in scripts}


def folder_of(address: str) -> str:
    served = next(served for served in SERVED if address.startswith(served))
    return SERVED[served] + address.removeprefix(served)


def resolved(root: Path, path: str, mapped: dict[str, str]) -> Iterator[str]:
    for found in SPECIFIER.finditer((root / path).read_text("utf-8")):
        specifier = found[1] or found[2]
        name, _, rest = specifier.partition("/")
        if specifier.startswith((".", "/")):
            raise ValueError(f"{path}: {specifier} goes past the import map")
        if rest and f"{name}/" in mapped:
            target = mapped[f"{name}/"] + rest
            if not (root / target).exists():
                raise ValueError(f"{path}: {specifier} leads to no file")
            yield target


def circles(graph: Graph) -> list[list[str]]:
    """The strongly connected components of more than one file (Tarjan 1972): each is an import circle."""
    return sorted(sorted(group) for group in components(graph) if len(group) > 1)


def components(graph: Graph) -> Iterator[set[str]]:
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    for start in sorted(graph):
        work = [(start, iter(sorted(graph[start])))] if start not in index else []
        if work:
            index[start] = low[start] = len(index)
            stack.append(start)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    work.append((other, iter(sorted(graph.get(other, ())))))
                    break
                if other in stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    at = stack.index(node)
                    yield set(stack[at:])
                    del stack[at:]
