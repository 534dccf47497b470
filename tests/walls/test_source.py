"""What the source may not do, read from the source: the ways round a wall that no import contract sees."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "kontaktstelle"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(SOURCE.rglob("*.html"))
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = [
    [name.strip() for name in layer.split("|")]
    for layer in next(contract for contract in CONTRACTS if contract["type"] == "layers")["layers"]
]

# Work that serves the whole installation. A new line here needs the same reason.
MAY_LOOK_EVERYWHERE = {
    "groups/own_page/keys.py": "whoever asks for a link or types a code does not say at which office",
    "directory/projection.py": "the public directory is one for all offices",
    "directory/emergency.py": "the Notfallmappe too, office by office",
    "groups/listing.py": "an address is unique in the whole installation",
    "groups/importing/writing.py": "an address is unique in the whole installation",
    "mailroom/bundling.py": "post of all offices leaves by one worker",
    "mailroom/delivery.py": "post of all offices leaves by one worker",
    "privacy/restriction.py": "what is due is erased in all offices",
    "mailroom/figures.py": "whether post is stuck concerns the installation",
    "relay/receipt_codes.py": "a code is typed without saying at which office",
    "enquiries/periods.py": "what is due is erased in every office, by its own period",
    "privacy/rotation.py": "before a key is destroyed every row is asked",
    "privacy/retention.py": "what is due is erased in every office",
    "enquiries/retention.py": "what is due is erased in every office",
    "enquiries/erasure.py": "what is due is erased in every office",
    "groups/entry/farewell.py": "whoever follows an old public address acts for no office",
    "groups/retention.py": "what is due is erased in every office",
    "privacy/backup/rows.py": "a backup holds every row of every office",
    "privacy/backup/making.py": "a backup holds every row of every office",
    "privacy/backup/restoring.py": "a sample of what came back is opened",
    "examples/loading.py": "example data fill the whole installation",
    "cli/benchmarks/backup.py": "compares persons of a throw-away installation",
    "cli/replaying/records.py": "migrates a scratch installation",
    "cli/running.py": "migrations change the rows of all offices",
    "organisation/tenancy.py": "defines rows behind it",
    "privacy/tenancy.py": "defines it",
    "privacy/scope.py": "defines it",
}
# By name of its table a model is reached only where every tenant's table is put behind the wall, new ones too.
MAY_GO_THROUGH_ALL_MODELS = {"privacy/row_security.py", "privacy/backup/rows.py"}
# Where Django looks for a database's connection.
NAMED_BY_DJANGO = {"privacy/postgresql/base.py", "privacy/sqlite/base.py"}
MAY_MAKE_MARKUP = {
    "ui/formats.py": "links of telephone numbers and addresses, escaped by Markup.format",
    "directory/cards.py": "cards, every text of which is escaped together just above",
    "desk/demand/shown.py": "the map made by places.outline, which escapes its labels",
    "directory/views/offices.py": "the map made by places.outline, which escapes its labels",
}
MAY_SPEAK_SQL = {
    "directory/search.py": "one range of one B-tree per topic",
    "directory/fulltext.py": "FTS5 and tsvector have no model",
    "reporting/searches.py": "numbers added to numbers, many in one statement",
    "directory/entries.py": "the shapes of twenty entries in one query",
    "groups/importing/writing.py": "many rows changed at once",
    "privacy/trail.py": "a lock of PostgreSQL",
    "privacy/checks.py": "asks the database how it runs",
    "privacy/retention.py": "empties SQLite's write-ahead log",
    "privacy/backup/snapshot.py": "one moment of PostgreSQL",
    "privacy/backup/rows.py": "rows of tables as they were, with their triggers off",
    "privacy/row_security.py": "policies of PostgreSQL have no model",
    "privacy/postgresql/base.py": "tells PostgreSQL for which office a statement is made",
}
# What may stand inside a statement beside placeholders.
NAMES_OF_OUR_OWN = {
    "Entry._meta.db_table", "EntryTopic._meta.db_table", "TABLE", "column", "marks", "where", "join", "place", "name", "MOST_CANDIDATES",
    "COMMON_WORD", "COMMON_WORD + 1", "entries", "sets", "quote(meta.db_table)", "quote(str(pk.column))", "scope.SETTING", "scope.EVERYWHERE",
    "self._quoted(model._meta.db_table)", "into",
}  # fmt: skip
LONGER_THAN_500_LINES: dict[str, str] = {}
BANNED_MODULE_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "services",
    "service",
    "manager",
    "managers",
    "handler",
    "handlers",
    "data",
    "info",
    "process",
    "misc",
    "base",
}
BANNED_IN_FUNCTIONS = re.compile(
    r"^_?(?:do|process(?!_exception|_view)|handle|manage)_|_(?:data|info|helper|util)$|^_?(?:utils|helper|handler)"
)


def name_of(path):
    return path.relative_to(SOURCE).as_posix()


def trees(paths=MODULES):
    for path in paths:
        yield name_of(path), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree):
    """Yield the dotted end of everything called: `objects.everywhere`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            parts, target = [], node.func
            while isinstance(target, ast.Attribute):
                parts.append(target.attr)
                target = target.value
            parts.append(target.id if isinstance(target, ast.Name) else "")
            yield ".".join(reversed(parts)), node


def attributes(tree):
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_only_listed_modules_look_over_the_wall_between_offices():
    of_rows = {"everywhere", "unscoped", "_base_manager", "of_all_offices"}
    using = {
        name
        for name, tree in trees()
        if of_rows & attributes(tree)
        or any(called.endswith(("across_offices", "of_all_offices")) for called, _ in calls(tree))
    }

    assert using <= set(MAY_LOOK_EVERYWHERE), using - set(MAY_LOOK_EVERYWHERE)


def test_nobody_reaches_a_model_by_its_name():
    for name, tree in trees():
        for called, _ in calls(tree):
            assert not called.endswith(("get_model", "get_models")) or name in MAY_GO_THROUGH_ALL_MODELS, (
                name,
                called,
            )
        for node in ast.walk(tree):
            assert not (
                isinstance(node, ast.ImportFrom)
                and "contenttypes" in (node.module or "")
                and name != "privacy/retention_rules.py"  # says that its table keeps no person
            ), name


def test_forms_turn_text_into_values_and_save_nothing():
    for name, tree in trees():
        for called, _ in calls(tree):
            assert not re.search(r"(?:^|\.)form\.save$", called), (name, called)
        assert "ModelForm" not in ast.dump(tree), name


def test_raw_sql_stands_where_an_index_needs_it_and_never_holds_what_somebody_typed():
    """Placeholders only: what is formatted into a statement are names of our own tables."""
    using = {
        name
        for name, tree in trees()
        for called, _ in calls(tree)
        if called.endswith((".execute", ".executemany", ".raw", ".extra"))
        and not name.startswith("cli/benchmarks/")
    }

    assert using <= set(MAY_SPEAK_SQL), using
    for name, tree in trees(SOURCE / each for each in MAY_SPEAK_SQL):
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and re.search(
                r"\b(?:SELECT|INSERT|DELETE|UPDATE)\b", ast.dump(node)
            ):
                put_in = {
                    ast.unparse(value.value) for value in node.values if isinstance(value, ast.FormattedValue)
                }
                assert put_in <= NAMES_OF_OUR_OWN, (name, put_in)


def test_markup_is_made_in_few_places_that_escape():
    using = set()
    for name, tree in trees():
        for called, _ in calls(tree):
            if called.split(".")[-1] in {"mark_safe", "Markup", "SafeString", "format_html"}:
                using.add(name)
    assert using <= set(MAY_MAKE_MARKUP), using


def test_no_template_switches_escaping_off():
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|\{%-?\s*autoescape|Markup\(", text), path
        assert not re.search(
            r"\son[a-z]+\s*=|<script(?![^>]*\ssrc=)(?! type=\"application/ld\+json\">\{\{ \w+ \| tojson \}\}</script>)|\sstyle\s*=|javascript:",
            text,
        ), f"{path}: the policy forbids what stands in the page itself"


def test_templates_name_no_other_host():
    allowed = {"http://www.w3.org/2000/svg", "https://schema.org", "http://schema.org"}
    for path in TEMPLATES:
        for address in re.findall(
            r'(?:src|action|data-[a-z]+)="(https?://[^"]+)"|url\((https?:[^)]+)\)',
            path.read_text(encoding="utf-8"),
        ):
            assert "".join(address) in allowed, (path, address)
    for path in SOURCE.rglob("*.css"):
        assert not re.search(
            r"""(?:url\(|@import)\s*['"]?(?:https?:)?//""", path.read_text(encoding="utf-8")
        ), path


def models():
    return [model for model in apps.get_models() if model.__module__.startswith("kontaktstelle.")]


def layer_of(app):
    return next(number for number, layer in enumerate(LAYERS) if app in layer)


def foreign_keys():
    return [
        (model, field)
        for model in models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | ManyToManyField)
    ]


@pytest.mark.parametrize(
    ("model", "field"),
    foreign_keys(),
    ids=lambda value: getattr(value, "__name__", getattr(value, "name", "")),
)
def test_no_key_points_upward(model, field):
    to = field.related_model
    if not to.__module__.startswith("kontaktstelle."):
        pytest.fail(f"{model.__name__}.{field.name} points to {to}")
    assert layer_of(model._meta.app_label) <= layer_of(to._meta.app_label), (
        f"{model.__name__}.{field.name} points up to {to.__name__}"
    )


@pytest.mark.parametrize(
    ("model", "field"),
    [pair for pair in foreign_keys() if pair[0]._meta.app_label in {"relay", "directory", "enquiries"}],
    ids=lambda value: getattr(value, "__name__", getattr(value, "name", "")),
)
def test_no_path_leads_back_to_persons_or_out_of_the_open_side(model, field):
    assert field.remote_field.related_name == "+"


def test_nothing_points_at_a_party_but_opaque_numbers():
    from kontaktstelle.relay.models import Party

    assert [
        relation
        for relation in Party._meta.get_fields(include_hidden=True)
        if relation.auto_created and relation.is_relation
    ] == []


def test_the_open_side_imports_nothing_of_persons():
    for name, tree in trees(path for path in MODULES if "directory" in path.parts):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                imported = f"{node.module} " + " ".join(alias.name for alias in node.names)
                assert not re.search(r"\brelay\b|ContactPerson|SealedText|unseal", imported), (name, imported)


def test_views_take_no_rows_of_confidential_models():
    for name, tree in trees(path for path in MODULES if "views" in path.parts):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert not node.module.endswith(".models"), (name, node.module)


def test_nothing_prints_but_commands():
    for name, tree in trees():
        for called, _ in calls(tree):
            assert called != "print", name
            if called in {"sys.stdout.write", "sys.stderr.write"}:
                assert name.startswith(("cli/", "topics/learning")), name
            assert called.split(".")[-1] not in {"breakpoint", "set_trace"}, name


def test_no_log_line_holds_anything_but_its_event():
    for name, tree in trees():
        for called, node in calls(tree):
            if re.search(r"(?:logger|logging|log)\.(?:debug|info|warning|error|exception|critical)$", called):
                assert len(node.args) == 1, (name, node.lineno)
                assert isinstance(node.args[0], ast.Constant), (name, node.lineno)


def test_nothing_runs_text_as_program_or_reads_foreign_objects():
    for name, tree in trees():
        for called, _ in calls(tree):
            assert called not in {
                "eval",
                "exec",
                "compile",
                "pickle.load",
                "pickle.loads",
                "marshal.loads",
                "os.system",
                "yaml.load",
                "yaml.unsafe_load",
                "__import__",
            }, (name, called)
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "shell":
                pytest.fail(f"{name} starts a shell")


def test_nothing_calls_other_hosts():
    for name, tree in trees():
        for node in ast.walk(tree):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom) and node.level == 0
                else []
            )
            for imported in names:
                if name == "mailroom/carriers.py" and imported == "smtplib":
                    continue  # the post leaves here, to the one server the operator named
                assert imported.split(".")[0] not in {
                    "requests",
                    "httpx",
                    "aiohttp",
                    "smtplib",
                    "ftplib",
                    "telnetlib",
                }, (name, imported)
                assert (
                    imported not in {"urllib.request", "http.client"}
                    or name == "cli/benchmarks/__init__.py"
                    or name.startswith("cli/benchmarks/")
                ), (name, imported)


def test_the_clock_is_a_guest():
    """Steps and readings take their time from outside; only views, commands and the projection's receiver look at the clock."""
    for name, tree in trees():
        if name.startswith(
            (
                "cli/",
                "ui/",
                "desk/",
                "directory/",
                "examples/",
                "privacy/",
                "enquiries/pages/",
                "support/pages/",
                "groups/pages/",
                "foundings/pages/",
                "funding/pages/",
            )
        ):
            continue
        for called, node in calls(tree):
            if called in {
                "timezone.now",
                "timezone.localdate",
                "datetime.now",
                "date.today",
                "datetime.utcnow",
                "time.time",
            }:
                assert name in {
                    "groups/importing/writing.py",
                    "groups/importing/undoing.py",
                    "mailroom/checks.py",
                }, (
                    name,
                    node.lineno,
                    called,
                )


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_file_fits_a_reader(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 500 or name_of(path) in LONGER_THAN_500_LINES, lines


def test_names_say_something():
    for path in [*MODULES, *(folder / "x" for folder in {path.parent for path in MODULES})]:
        name = path.stem if path.suffix == ".py" else path.parent.name
        assert name not in BANNED_MODULE_NAMES or name_of(path) in NAMED_BY_DJANGO, path
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                assert not BANNED_IN_FUNCTIONS.search(node.name), (name, node.name)


def test_every_app_says_what_it_promises():
    for app in {path.parent for path in MODULES if path.parent.parent == SOURCE}:
        start = app / "__init__.py"
        assert start.exists(), app
        assert len(ast.get_docstring(ast.parse(start.read_text(encoding="utf-8"))) or "") > 40, app


def test_every_expected_refusal_has_a_german_sentence():
    from kontaktstelle.refusal import StepRefused

    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any(
                isinstance(base, ast.Name) and base.id == "StepRefused" for base in node.bases
            ):
                own = [
                    item
                    for item in node.body
                    if isinstance(item, ast.Assign) and item.targets[0].id == "sentence"
                ]
                said = ast.literal_eval(own[0].value) if own else StepRefused.sentence
                assert re.search(r"[.!?…]$", said), (name, node.name)
                assert re.match(r"[A-ZÄÖÜ„]", said), (name, node.name)


def test_no_file_speaks_of_our_desk_or_names_a_registry():
    for path in [
        *MODULES,
        *TEMPLATES,
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
        *(ROOT / "requirements").glob("*"),
    ]:
        text = path.read_text(encoding="utf-8")
        assert "/work/" not in text, path
        assert not re.search(
            r"pypi\.org|files\.pythonhosted|registry\.npmjs|--index-url|--extra-index", text
        ), path
