"""Work that takes long, told as it goes on: the page grows line by line, with and without a script.

The work runs beside the answer, in its own connection, and goes on if somebody closes the page: it is whole or not at
all by itself, and its result stands where the last line leads.
"""

import contextvars
import logging
import queue
import threading
from collections.abc import Callable, Iterator

from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string

from kontaktstelle.refusal import StepRefused

from .pages import page

logger = logging.getLogger("kontaktstelle.desk")
# Where the page that stands around is cut in two.
_HERE = "<!--hier-->"
_STEPS_TOLD = 20
_LINE = "desk/progress_line.html"
Progress = Callable[[int, int], None]


def told(
    request: HttpRequest, work: Callable[[Progress], object], *, heading: str, back: str
) -> StreamingHttpResponse:
    """Return a page that tells how far the work is, and then where its result stands.

    Args:
        request: whose page it is.
        work: what is to be done; it is given whom to tell.
        heading: of the page.
        back: where the result stands.
    """
    around = page(request, "desk/progress.html", {"heading": heading}).content.decode()
    before, _, after = around.partition(_HERE)
    news: queue.Queue[tuple[str, int, int] | None] = queue.Queue()
    context = contextvars.copy_context()
    worker = threading.Thread(target=context.run, args=(_run, work, news), name="long work")
    response = StreamingHttpResponse(_pages(before, after, news, worker, back))
    # Packed, the lines would wait for each other.
    response.headers["Content-Encoding"] = "identity"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _run(work: Callable[[Progress], object], news: "queue.Queue[tuple[str, int, int] | None]") -> None:
    last = [-1]

    def tell(done: int, of: int) -> None:
        share = done * _STEPS_TOLD // of if of else 0
        if share > last[0]:
            last[0] = share
            news.put(("", done, of))

    try:
        work(tell)
    except StepRefused as refused:
        news.put((refused.sentence, 0, 0))
    except Exception:
        logger.exception("long work failed")
        news.put(("Das ist nicht gelungen. Es wurde nichts geschrieben.", 0, 0))
    finally:
        news.put(None)
        connection.close()


def _pages(
    before: str,
    after: str,
    news: "queue.Queue[tuple[str, int, int] | None]",
    worker: threading.Thread,
    back: str,
) -> Iterator[bytes]:
    worker.start()
    yield before.encode()
    wrong = ""
    while (heard := news.get()) is not None:
        sentence, done, of = heard
        if sentence:
            wrong = sentence
        else:
            yield render_to_string(_LINE, {"done": done, "of": of, "wrong": "", "back": ""}).encode()
    worker.join()
    yield render_to_string(_LINE, {"done": 0, "of": 0, "wrong": wrong, "back": back}).encode()
    yield after.encode()
