"""`bench search`: our search against a PostgreSQL recipe (full text + trigrams) and tantivy with typing tolerance.

All engines get the same groups, names and lay words, and the same searches, in turn, search by search. CPU is counted in
every process involved. "Found": a right group among the first 20; "precision": the share of right ones among those shown.
"""

import re
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from . import generated
from .generated import KINDS, RADIUS_KM, Generated, Search

TOP = 20
DEFAULT_GROUPS = 100_000
SMALL = 250
ROUNDS = 2


def run(*, groups: int, queries: int) -> dict[str, Any]:
    """Return the table of figures."""
    from . import installation

    count = groups or DEFAULT_GROUPS
    made = generated.groups(count)
    asked = generated.searches(made, queries)
    table: dict[str, Any] = {}
    with installation.temporary("sqlite"):
        installation.fill(made)
        recipe = PostgresRecipe(made)
        fuzzy = Tantivy(made)
        try:
            engines: dict[str, Engine] = {
                "ours, SQLite": Ours(),
                "PostgreSQL FTS + trigrams": recipe,
                "tantivy fuzzy": fuzzy,
            }
            figures = compare(engines, asked, made)
            # Between other engines the caches are cold: flatness compares like with like, both sizes by themselves.
            large = compare({"ours": engines["ours, SQLite"]}, asked, made)["ours"]
        finally:
            recipe.stop()
            fuzzy.stop()
    table |= _table(figures)
    ours, other, third = (
        sum(figures[name]["cpu"]) for name in ("ours, SQLite", "PostgreSQL FTS + trigrams", "tantivy fuzzy")
    )
    table["CPU, ours / PostgreSQL recipe (bar 0.10)"] = round(ours / other, 4)
    table["CPU, ours / tantivy fuzzy (bar 0.50)"] = round(ours / third, 4)
    with installation.temporary("sqlite"):
        installation.fill(made[:SMALL])
        small = compare({"ours": Ours()}, generated.searches(made[:SMALL], queries), made[:SMALL])["ours"]
    table[f"p50, {count} groups / {SMALL} groups, each by itself (bar 2.5)"] = round(
        statistics.median(large["wall"]) / statistics.median(small["wall"]), 2
    )
    table |= installation.in_postgres("search.ours_on_postgres", count, queries)
    return table


class Engine:
    """Answers a search with numbers of groups, best first."""

    def ask(self, search: Search) -> list[int]:
        """Return at most `TOP` numbers."""
        raise NotImplementedError

    def cpu(self) -> float:
        """Return CPU seconds spent so far by every process of this engine."""
        return time.process_time()


class Ours(Engine):
    """`topics.resolve` + `directory.find`."""

    def __init__(self) -> None:
        from kontaktstelle.directory.models import Entry

        self.numbers = {entry: int(slug[1:]) for entry, slug in Entry.objects.values_list("pk", "slug")}

    def ask(self, search: Search) -> list[int]:
        """Understand, then look up."""
        from kontaktstelle.directory.search import Near, find
        from kontaktstelle.topics.resolving import resolve

        hits = find(resolve(search.words), near=Near(search.lat, search.lon, RADIUS_KM), limit=TOP)
        return [self.numbers[hit.entry] for hit in hits]


class PostgresRecipe(Engine):
    """The usual recipe: words corrected by trigram similarity, then German full text, ranked, within the radius."""

    def __init__(self, made: Sequence[Generated]) -> None:
        import psutil
        import psycopg

        from . import cluster

        self.cluster = cluster.start()
        self.connection = psycopg.connect(self.cluster.owner_url, autocommit=True)
        run_ = self.connection.execute
        run_("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        run_("CREATE TABLE g (id int PRIMARY KEY, lat float8, lon float8, t tsvector)")
        with self.connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE raw (id int, lat float8, lon float8, name text, keywords text, description text)"
            )
            with cursor.copy("COPY raw FROM STDIN") as copy:
                for group in made:
                    copy.write_row(
                        (group.number, group.lat, group.lon, group.name, group.keywords, group.description)
                    )
            cursor.execute(
                "INSERT INTO g SELECT id, lat, lon, setweight(to_tsvector('german', name || ' ' || keywords), 'A') || setweight(to_tsvector('german', description), 'B') FROM raw"
            )
            cursor.execute("CREATE INDEX ON g USING gin (t)")
            cursor.execute("CREATE INDEX ON g (lat, lon)")
            cursor.execute(
                "CREATE TABLE w AS SELECT word FROM ts_stat($$SELECT to_tsvector('simple', name || ' ' || keywords || ' ' || description) FROM raw$$)"
            )
            cursor.execute("CREATE INDEX ON w USING gin (word gin_trgm_ops)")
            cursor.execute("CREATE INDEX ON w (word)")
            cursor.execute("DROP TABLE raw")
            cursor.execute("ANALYZE")
            cursor.execute("SELECT pg_backend_pid()")
            row = cursor.fetchone()
            assert row is not None  # noqa: S101
            self.backend = psutil.Process(row[0])

    def ask(self, search: Search) -> list[int]:
        """Correct unknown words, then search."""
        terms = []
        with self.connection.cursor() as cursor:
            for word in re.findall(r"\w{3,}", search.words.lower()):
                cursor.execute("SELECT 1 FROM w WHERE word = %s", [word])
                if cursor.fetchone():
                    terms.append(word)
                    continue
                cursor.execute(
                    "SELECT word FROM w WHERE word %% %s ORDER BY similarity(word, %s) DESC LIMIT 2",
                    [word, word],
                )
                terms += [row[0] for row in cursor.fetchall()] or [word]
            if not terms:
                return []
            degrees = RADIUS_KM / 111.0
            cursor.execute(
                "WITH q AS (SELECT replace(plainto_tsquery('german', %s)::text, '&', '|')::tsquery AS q) SELECT id FROM g, q WHERE t @@ q AND lat BETWEEN %s AND %s AND lon BETWEEN %s AND %s"
                " AND 6371 * acos(least(1, sin(radians(%s)) * sin(radians(lat)) + cos(radians(%s)) * cos(radians(lat)) * cos(radians(lon - %s)))) <= %s ORDER BY ts_rank(t, q) DESC LIMIT %s",
                [
                    " ".join(terms),
                    search.lat - degrees,
                    search.lat + degrees,
                    search.lon - 1.7 * degrees,
                    search.lon + 1.7 * degrees,
                    search.lat,
                    search.lat,
                    search.lon,
                    RADIUS_KM,
                    TOP,
                ],
            )
            return [row[0] for row in cursor.fetchall()]

    def cpu(self) -> float:
        """Count the server's process too."""
        times = self.backend.cpu_times()
        return time.process_time() + float(times.user + times.system)

    def stop(self) -> None:
        """Stop the server."""
        self.connection.close()
        self.cluster.stop()


class Tantivy(Engine):
    """tantivy with the German stemmer and one typing error allowed, filtered by place."""

    def __init__(self, made: Sequence[Generated]) -> None:
        import tantivy

        self.tantivy = tantivy
        self.folder = tempfile.mkdtemp(prefix="kontaktstelle-tantivy-")
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=False, tokenizer_name="german")
        builder.add_integer_field("id", stored=True, indexed=True, fast=True)
        for axis in ("lat", "lon"):
            builder.add_float_field(axis, stored=True, indexed=True, fast=True)
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema, path=self.folder)
        analyser = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.stemmer("german"))
            .build()
        )
        self.index.register_tokenizer("german", analyser)
        self.analyser = analyser
        writer = self.index.writer(heap_size=200_000_000, num_threads=1)
        for group in made:
            writer.add_document(
                tantivy.Document(
                    text=f"{group.name} {group.keywords} {group.description}",
                    id=group.number,
                    lat=group.lat,
                    lon=group.lon,
                )
            )
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def ask(self, search: Search) -> list[int]:
        """Any of the words, with one error in words of five letters and more, in the box; then the exact radius."""
        from kontaktstelle.directory.search import Near, box, distance_km

        query = self.tantivy.Query
        occur = self.tantivy.Occur
        terms = []
        for term in self.analyser.analyze(search.words):
            if len(term) < 3:
                continue
            distance = 1 if len(term) >= 5 else 0
            terms.append((occur.Should, query.fuzzy_term_query(self.schema, "text", term, distance=distance)))
            terms.append((occur.Should, query.boost_query(query.term_query(self.schema, "text", term), 4.0)))
        if not terms:
            return []
        south, north, west, east = box(Near(search.lat, search.lon, RADIUS_KM))
        kind = self.tantivy.FieldType.Float
        combined = query.boolean_query([
            (occur.Must, query.boolean_query(terms)),
            (occur.Must, query.range_query(self.schema, "lat", kind, south, north)),
            (occur.Must, query.range_query(self.schema, "lon", kind, west, east)),
        ])  # fmt: skip
        found = []
        for _score, address in self.searcher.search(combined, limit=TOP + 20).hits:
            document = self.searcher.doc(address)
            if distance_km(search.lat, search.lon, document["lat"][0], document["lon"][0]) <= RADIUS_KM:
                found.append(document["id"][0])
        return found[:TOP]

    def stop(self) -> None:
        """Remove the index."""
        shutil.rmtree(self.folder, ignore_errors=True)


def compare(
    engines: dict[str, Engine], asked: Sequence[Search], made: Sequence[Generated]
) -> dict[str, dict[str, Any]]:
    """Ask every engine every search, in turn; return wall and CPU times and what was found, by engine."""
    from kontaktstelle.directory.search import distance_km

    by_number = {group.number: group for group in made}

    def is_right(search: Search, number: int) -> bool:
        if search.own >= 0:
            return number == search.own
        group = by_number[number]
        return (
            group.topic == search.topic
            and distance_km(search.lat, search.lon, group.lat, group.lon) <= RADIUS_KM
        )

    figures: dict[str, dict[str, Any]] = {
        name: {"wall": [], "cpu": [], "found": defaultdict(list), "precision": defaultdict(list)}
        for name in engines
    }
    for search in asked[:40]:
        for engine in engines.values():
            engine.ask(search)
    clock: Callable[[], float] = time.perf_counter
    for round_ in range(ROUNDS):
        for search in asked:
            for name, engine in engines.items():
                cpu, started = engine.cpu(), clock()
                numbers = engine.ask(search)
                figures[name]["wall"].append(clock() - started)
                figures[name]["cpu"].append(engine.cpu() - cpu)
                if round_ == 0:
                    right = [number for number in numbers if is_right(search, number)]
                    figures[name]["found"][search.kind].append(bool(right))
                    near = [
                        number
                        for number in numbers
                        if search.own >= 0
                        or distance_km(search.lat, search.lon, by_number[number].lat, by_number[number].lon)
                        <= RADIUS_KM
                    ]
                    figures[name]["precision"][search.kind].append(len(right) / len(near) if near else 0.0)
    return figures


def _table(figures: dict[str, dict[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name, figure in figures.items():
        wall = sorted(figure["wall"])
        table[f"{name}: p50 / p99 ms"] = (
            f"{statistics.median(wall) * 1000:.3f} / {wall[int(len(wall) * 0.99)] * 1000:.2f}"
        )
        table[f"{name}: CPU ms a search"] = round(sum(figure["cpu"]) / len(figure["cpu"]) * 1000, 3)
        every = [found for kind in KINDS for found in figure["found"][kind]]
        table[f"{name}: found"] = (
            f"{sum(every) / len(every):.3f}  ("
            + ", ".join(
                f"{kind} {sum(figure['found'][kind]) / len(figure['found'][kind]):.3f}" for kind in KINDS
            )
            + ")"
        )
        shares = [share for kind in KINDS for share in figure["precision"][kind]]
        table[f"{name}: precision"] = (
            f"{sum(shares) / len(shares):.3f}  ("
            + ", ".join(
                f"{kind} {sum(figure['precision'][kind]) / len(figure['precision'][kind]):.3f}"
                for kind in KINDS
            )
            + ")"
        )
    return table


def ours_on_postgres(count: int, queries: int) -> dict[str, Any]:
    """Measure our search on PostgreSQL; runs in a process whose database is the temporary cluster."""
    from . import installation

    made = generated.groups(count)
    installation.fill(made)
    figure = compare({"ours": Ours()}, generated.searches(made, queries), made)["ours"]
    wall = sorted(figure["wall"])
    return {
        "ours, PostgreSQL: p50 / p99 ms (bar p99 10)": f"{statistics.median(wall) * 1000:.3f} / {wall[int(len(wall) * 0.99)] * 1000:.2f}"
    }
