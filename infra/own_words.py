"""Reads a force's own templates before they are packaged: what stands beside no template of the product, does not compile, or names what
the product's own files do not, would otherwise be ignored, or stop a message to every victim.

Must not render: a message is made of a case, and none is here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, TemplateNotFound, TemplateSyntaxError, meta, nodes
from jinja2.runtime import LoopContext

from chalicelib.adapters.template_files import loader, templates_root

_READ = {".txt", ".html"}
"""What is looked for among a force's own files; typesetting, fonts and what browsers load are the product's alone."""
_PAGES = "pages"
_PRODUCT = "product/"
_DESIGN_SYSTEM = "govuk_frontend_jinja"
_ATTRIBUTES = (nodes.Getattr, nodes.Getitem)
_OF_LOOPS = frozenset(name for name in dir(LoopContext) if not name.startswith("_"))


def wrong(own: Path, product: Path | None = None) -> list[str]:
    """What is wrong with the templates under `own`, a sentence each with file and line, in order of files; empty where nothing is, or where
    the force has none. `product`: the product's templates, by default those beside the package."""
    if not own.is_dir():
        return []
    check = _Check(own, _read_product(product or templates_root()))
    return [f"{own.name}/{words}" for path in sorted(own.rglob("*")) if path.is_file() for words in check.file(path)]


@dataclass(frozen=True)
class _Product:
    """The product's templates as a whole: each file parsed, every dotted path and attribute that one uses; `environment` knows every filter
    that one uses, by name alone."""

    root: Path
    environment: Environment
    files: dict[Path, nodes.Template]
    paths: frozenset[tuple[str, ...]]
    attributes: frozenset[str]

    def counterpart(self, path: Path) -> Path | None:
        """Which file an own one stands for, both relative. Another language of a message is a folder beside `en`; pages have none."""
        if path in self.files:
            return path
        language = path.parent.name
        if path.parts[0] == _PAGES or len(path.parts) != 3 or not (len(language) == 2 and language.isascii() and language.islower()):
            return None
        english = path.parent.parent / "en" / path.name
        return english if english in self.files else None

    def given_with(self, name: Path) -> list[nodes.Template]:
        """The files of the same message, which are given the same values as `name`, or that of the same page alone."""
        of_one = name.parts[0] in (_PAGES, "_base")
        return [tree for path, tree in self.files.items() if path == name or (path.parent == name.parent and not of_one)]


@cache
def _read_product(root: Path) -> _Product:
    found = {path.relative_to(root): path for path in sorted(root.rglob("*")) if path.suffix in _READ}
    environment = Environment(autoescape=True)
    files = {name: environment.parse(path.read_text(encoding="utf-8")) for name, path in found.items()}
    for node in (node for tree in files.values() for node in tree.find_all(nodes.Filter)):
        environment.filters.setdefault(node.name, str)
    paths = frozenset(path for tree in files.values() for node in tree.find_all(_ATTRIBUTES) if (path := _path(node)))
    return _Product(root, environment, files, paths, _OF_LOOPS.union(*(path[1:] for path in paths)))


class _Templates:
    """What a name in `extends`, `include` or `import` stands for, as the renderer of messages or of pages finds it."""

    def __init__(self, product: _Product, own: Path, folder: str = "") -> None:
        ours, theirs = ((product.root / folder, product.root), (own / folder, own)) if folder else ((product.root,), (own,))
        self._loader = ChoiceLoader([PrefixLoader({_DESIGN_SYSTEM: PackageLoader(_DESIGN_SYSTEM)}), loader(ours, theirs)])
        self.environment = product.environment

    def there(self, name: str) -> bool:
        try:
            self._loader.get_source(self.environment, name)
        except TemplateNotFound:
            return False
        return True

    def with_what_they_use(self, trees: list[nodes.Template]) -> list[nodes.Template]:
        """These of the product, and whatever they extend, include or import of it, at any remove."""
        found, seen = list(trees), set[str]()
        for tree in found:  # grows
            for target in {name for name in meta.find_referenced_templates(tree) if name} - seen:
                seen.add(target)
                bare = target.removeprefix(_PRODUCT)
                name = bare if bare.startswith(f"{_DESIGN_SYSTEM}/") else f"{_PRODUCT}{bare}"
                found.append(self.environment.parse(self._loader.get_source(self.environment, name)[0]))
        return found


class _Check:
    def __init__(self, own: Path, product: _Product) -> None:
        self._own, self._product = own, product
        self._messages, self._pages = _Templates(product, own), _Templates(product, own, _PAGES)

    def file(self, path: Path) -> Iterator[str]:
        """What is wrong with one file, without the folder's name in front."""
        name = path.relative_to(self._own)
        beside = self._product.counterpart(name)
        if beside is None:
            yield f"{name}: no template of the product stands there (other languages: two letters in the place of en, not for pages)"
            return
        templates = self._pages if name.parts[0] == _PAGES else self._messages
        try:
            source = path.read_text(encoding="utf-8")
            templates.environment.compile(source)
            tree = templates.environment.parse(source)
        except UnicodeDecodeError:
            yield f"{name}: is not UTF-8"
        except TemplateSyntaxError as error:
            yield f"{name}:{error.lineno}: {error.message}"
        else:
            ours = templates.with_what_they_use(self._product.given_with(beside))
            found = [*_references(tree, templates, name), *self._names(tree, ours, beside), *_blocks(tree, ours, beside)]
            yield from (f"{name}:{line}: {words}" for line, words in sorted(set(found)))

    def _names(self, tree: nodes.Template, ours: list[nodes.Template], beside: Path) -> Iterator[tuple[int, str]]:
        """Names that the same message or page is not given, and fields of them that no template of the product uses."""
        made_here = set().union(*(_made(one) for one in ([tree, *ours] if tree.find(nodes.Extends) else [tree])))
        from_outside = meta.find_undeclared_variables(tree) - made_here
        unknown = from_outside.difference(*(meta.find_undeclared_variables(one) for one in ours))
        for name in tree.find_all(nodes.Name):
            if name.ctx == "load" and name.name in unknown:
                yield name.lineno, f"{name.name} is no name that the product's {beside.as_posix()} knows"
        for node in tree.find_all(_ATTRIBUTES):
            path = _path(node)
            if not path or path[0] in unknown | _modules(tree):
                continue
            if not (path in self._product.paths if path[0] in from_outside else path[-1] in self._product.attributes):
                yield node.lineno, f"{'.'.join(part for part in path if part)} is used by no template of the product"


def _references(tree: nodes.Template, templates: _Templates, name: Path) -> Iterator[tuple[int, str]]:
    """What it extends or includes and is not there, or is itself."""
    itself = {name.as_posix(), name.as_posix().removeprefix(f"{_PAGES}/")}
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        target = getattr(node, "template", None)
        if not isinstance(target, nodes.Const):
            continue
        if target.value in itself:
            yield node.lineno, f"{target.value} is this file itself; the product's is {_PRODUCT}{target.value}"
        elif not templates.there(target.value):
            yield node.lineno, f"there is no template {target.value}"


def _blocks(tree: nodes.Template, ours: list[nodes.Template], beside: Path) -> Iterator[tuple[int, str]]:
    """Blocks that stand nowhere in what it extends, and would be left out."""
    known = {block.name for one in ours for block in one.find_all(nodes.Block)}
    for block in tree.find_all(nodes.Block) if tree.find(nodes.Extends) else ():
        if block.name not in known:
            yield block.lineno, f"the product's {beside.as_posix()} has no block {block.name}"


def _made(tree: nodes.Template) -> set[str]:
    """Names that a template makes itself, in any scope of it."""
    names = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    names |= {node.name for node in tree.find_all(nodes.Macro)} | _modules(tree)
    for node in tree.find_all(nodes.FromImport):
        names |= {name if isinstance(name, str) else name[1] for name in node.names}
    return names


def _modules(tree: nodes.Template) -> set[str]:
    return {node.target for node in tree.find_all(nodes.Import)} | {"self"}


def _path(node: nodes.Node) -> tuple[str, ...]:
    """`officer.name` as ("officer", "name"); the first part is empty where it begins with anything but a name; () for `references[0]`."""
    if isinstance(node, nodes.Getattr):
        last: object = node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        last = node.arg.value
    else:
        return ()
    if not isinstance(last, str):
        return ()
    if isinstance(node.node, nodes.Name):
        return (node.node.name, last)
    return (*(_path(node.node) or ("",)), last)
