/* Groups by keyboard: topics while typing, meetings understood while typing. Every form works without this file. */
(() => {
  "use strict";

  // "/" goes to the search of the list, arrows from row to row.
  const find = document.querySelector("[data-find]");
  const typing = (element) => element.closest("input:not([type=radio], [type=checkbox]), textarea, select") !== null;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (find && event.key === "/" && !typing(event.target) && !document.getElementById("suche")) {
      event.preventDefault();
      find.focus();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [...document.querySelectorAll("[data-rows] tbody th a")];
    const here = links.indexOf(document.activeElement);
    if (!links.length || (here < 0 && document.activeElement !== find)) return;
    event.preventDefault();
    const next = here + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? find || links[0] : links[Math.min(next, links.length - 1)]).focus();
  });

  // A long list is through: on to what came of it.
  document.querySelector("[data-go-on]")?.click();

  const form = document.querySelector("[data-group]");
  if (!form) return;
  document.getElementById("vorschau")?.focus();
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector(".savebar button:not([name])"));
    }
  });

  const words = document.getElementById("thema");
  const options = document.getElementById("themen");
  const picked = form.querySelector("[data-picked]");
  const meeting = form.elements.meeting_text;
  const first = form.elements.first_on;
  const reading = form.querySelector("[data-reading]");
  let asked = 0;
  const ask = async (fields) => {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const [name, value] of Object.entries(fields)) data.set(name, value);
    try {
      const answer = await fetch(form.dataset.understand, { method: "POST", body: data, credentials: "same-origin" });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null; // without an answer one goes on typing
    }
  };

  let proposals = [];
  let active = -1;
  const mark = () => {
    options.hidden = !proposals.length;
    words.setAttribute("aria-expanded", String(Boolean(proposals.length)));
    [...options.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === active)));
    if (active >= 0) words.setAttribute("aria-activedescendant", `thema-${active}`);
    else words.removeAttribute("aria-activedescendant");
  };
  const show = (list) => {
    proposals = list;
    active = list.length ? 0 : -1;
    options.replaceChildren(...list.map((topic, number) => {
      const option = document.createElement("li");
      option.id = `thema-${number}`;
      option.setAttribute("role", "option");
      option.textContent = topic.label;
      option.addEventListener("mousedown", (event) => { event.preventDefault(); pick(number); });
      return option;
    }));
    mark();
  };
  const pick = (number) => {
    const topic = proposals[number];
    if (topic && ![...picked.querySelectorAll("input")].some((each) => each.value === topic.id)) {
      const item = document.createElement("li");
      const label = document.createElement("label");
      label.className = "chip";
      const box = document.createElement("input");
      box.type = "checkbox";
      box.name = "topics";
      box.value = topic.id;
      box.checked = true;
      const text = document.createElement("span");
      text.textContent = topic.label;
      label.append(box, text);
      item.append(label);
      picked.append(item);
    }
    words.value = "";
    show([]);
  };
  const propose = async () => {
    const mine = ++asked;
    const found = words.value.trim() ? await ask({ topic_words: words.value }) : { topics: [] };
    if (found && mine === asked && document.activeElement === words) show(found.topics);
  };
  let timer;
  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(propose, 120);
  });
  words.addEventListener("blur", () => show([]));
  words.addEventListener("keydown", async (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && proposals.length) {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : -1) + proposals.length) % proposals.length;
      mark();
    } else if (event.key === "Escape") {
      show([]);
    } else if (event.key === "Enter" && words.value.trim()) {
      event.preventDefault();
      clearTimeout(timer);
      if (!proposals.length) await propose();
      pick(active);
    }
  });

  const line = (text, tag = "p") => {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  };
  let read = 0;
  const understand = async () => {
    const mine = ++read;
    const found = meeting.value.trim() ? await ask({ meeting_text: meeting.value, first_on: first.value }) : null;
    if (mine !== read) return;
    const shown = found && found.meeting.said ? found.meeting : null;
    const parts = [];
    if (shown && shown.understood) parts.push(line(`Verstanden: ${shown.text}`));
    if (shown && shown.hint) parts.push(line(shown.hint));
    if (shown && shown.dates.length) {
      const list = document.createElement("ul");
      list.append(...shown.dates.map((day) => line(day, "li")));
      parts.push(list);
    }
    reading.replaceChildren(...parts);
  };
  let later;
  for (const field of [meeting, first]) {
    field.addEventListener("input", () => {
      clearTimeout(later);
      later = setTimeout(understand, 300);
    });
  }
  understand();
})();
