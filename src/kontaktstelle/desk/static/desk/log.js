/* The quick log by keyboard. The form works without this file: radio buttons, fields, one button. */
(() => {
  "use strict";
  const form = document.querySelector("[data-log]");
  if (!form) return;
  const steps = [...form.querySelectorAll("[data-step]")].filter((step) => !step.closest("details"));
  const words = document.getElementById("thema");
  const place = document.getElementById("ort");
  const options = document.getElementById("themen");
  const picked = form.querySelector("[data-picked]");
  const groups = form.querySelector("[data-groups]");
  const none = form.querySelector("[data-none]");
  // Whoever signs in next in this tab must not find what the one before was writing.
  // A form without a name for its draft keeps none: what somebody wrote to us stays in no store of a browser.
  const draft = form.dataset.draft ? `entwurf-${form.dataset.draft}-${form.dataset.log}` : "";
  const unkept = new Set(["csrfmiddlewaretoken", "form_key", ...[...form.querySelectorAll("[data-unkept]")].map((each) => each.name)]);
  const MOST = 3;

  // One step to the next, in the order of a call.
  const enter = (step) => {
    const first = step.matches("button") ? step : step.querySelector("input:checked") || step.querySelector("input, textarea");
    first.focus();
    first.scrollIntoView({ block: "nearest" });
  };
  const after = (step) => enter(steps[Math.min(steps.indexOf(step) + 1, steps.length - 1)]);

  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      // With Shift: and somebody waits for more.
      form.requestSubmit(event.shiftKey ? form.querySelector("[data-second]") : null);
      return;
    }
    const step = event.target.closest("[data-step]");
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    if (step.matches(".chips")) {
      const chosen = [...step.querySelectorAll("[data-shortcut]")].find((each) => each.dataset.shortcut === event.key.toLowerCase());
      if (chosen) {
        // One key chooses and goes on; with Shift a further one is chosen and one stays.
        event.preventDefault();
        event.stopPropagation();
        chosen.checked = !chosen.checked || chosen.type === "radio";
        chosen.dispatchEvent(new Event("change", { bubbles: true }));
        if (event.shiftKey && chosen.type === "checkbox") chosen.focus();
        else after(step);
        return;
      }
      if (event.key === "Enter") {
        event.preventDefault();
        after(step);
        return;
      }
      // Escape frees a choice: nobody said it.
      if (event.key === "Escape") step.querySelectorAll("input").forEach((each) => { each.checked = false; });
    }
    if (event.target === place && event.key === "Enter") {
      event.preventDefault();
      after(step);
    }
  });

  // What was typed means topics; which groups fit is shown before anything is saved.
  let proposals = [];
  let active = -1;
  let asked = 0;
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
  const mark = () => {
    options.hidden = !proposals.length;
    words.setAttribute("aria-expanded", String(Boolean(proposals.length)));
    [...options.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === active)));
    if (active >= 0) words.setAttribute("aria-activedescendant", `thema-${active}`);
    else words.removeAttribute("aria-activedescendant");
  };
  const pick = (number) => {
    const topic = proposals[number];
    const there = [...picked.querySelectorAll("input")];
    if (topic && there.length < MOST && !there.some((each) => each.value === topic.id)) {
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
    ask();
    keep();
  };
  const line = (name, text, tag = "p") => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.textContent = text;
    return element;
  };
  const fits = (list) => {
    none.hidden = list.length > 0;
    groups.replaceChildren(...list.map((group) => {
      const item = document.createElement("li");
      item.className = "fit";
      const name = line("", group.name, "a");
      name.href = group.address;
      name.target = "_blank";
      name.rel = "noopener";
      const head = document.createElement("h3");
      head.append(name);
      item.append(head, line("soft", [group.where, group.when].filter(Boolean).join(" · ")));
      if (group.reasons.length) item.append(line("small", group.reasons.join(" · ")));
      if (group.to_clear.length) item.append(line("clear", `Zu klären: ${group.to_clear.join(", ")}`));
      if (group.agreed) item.append(line("small", group.agreed));
      return item;
    }));
  };
  const ask = async () => {
    const mine = ++asked;
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("topic_words", words.value);
    data.set("place", place.value);
    const chosen = [...form.querySelectorAll("input[name=topics]:checked")];
    const likely = form.querySelector("input[data-guessed]");
    (chosen.length || words.value.trim() || !likely ? chosen : [likely]).forEach((each) => data.append("topics", each.value));
    if (!words.value.trim() && !data.has("topics")) {
      show([]);
      fits([]);
      return;
    }
    try {
      const answer = await fetch(form.dataset.match, { method: "POST", body: data, credentials: "same-origin" });
      if (!answer.ok || mine !== asked) return;
      const found = await answer.json();
      if (mine !== asked) return;
      if (words.value.trim() && document.activeElement === words) show(found.topics);
      fits(found.groups);
    } catch {
      // Without an answer one goes on typing; the form itself needs none.
    }
  };
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  };
  words.addEventListener("input", soon);
  place.addEventListener("change", ask);
  form.addEventListener("change", (event) => { if (event.target.name === "topics") ask(); });
  words.addEventListener("keydown", async (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (proposals.length) active = (active + (event.key === "ArrowDown" ? 1 : -1) + proposals.length) % proposals.length;
      mark();
    } else if (event.key === "Escape" && proposals.length) {
      event.stopPropagation();
      show([]);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (words.value.trim()) {
        // Whoever types fast presses Enter before the answer is here.
        clearTimeout(timer);
        if (!proposals.length) await ask();
        pick(active);
        if (!event.shiftKey) after(words.closest("[data-step]"));
      } else {
        after(words.closest("[data-step]"));
      }
    }
  });
  words.addEventListener("blur", () => show([]));

  // A draft survives a reload, a dropped line and an error of the server: it goes when the desk says that it arrived, or with the tab.
  const keep = () => {
    if (!draft) return;
    const data = [...new FormData(form)].filter(([name]) => !unkept.has(name));
    const labels = [...picked.querySelectorAll("label")].map((label) => label.textContent);
    try { sessionStorage.setItem(draft, JSON.stringify({ key: form.elements.form_key.value, data, labels })); } catch { /* a full store loses no contact */ }
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", keep);
  const restore = () => {
    if (!draft) return;
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(draft) || "null"); } catch { /* unreadable is empty */ }
    if (kept && kept.key === form.dataset.arrived) {
      try { sessionStorage.removeItem(draft); } catch { /* nothing to forget */ }
      return;
    }
    // Shown again with what was sent, the page knows better than the draft.
    if (!kept || kept.key === form.elements.form_key.value) return;
    // Sent twice it counts once: the draft keeps the key it was written under.
    if (kept.key) form.elements.form_key.value = kept.key;
    let number = 0;
    for (const [name, value] of kept.data) {
      if (name === "topics") {
        if (![...picked.querySelectorAll("input")].some((each) => each.value === value)) {
          proposals = [{ id: value, label: kept.labels[number] || value }];
          pick(0);
        }
        number += 1;
        continue;
      }
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "radio" || field.type === "checkbox") field.checked ||= field.value === value;
        else field.value = value;
      }
    }
    keep();
  };
  restore();
  ask();
  const toChoose = document.querySelector("#gemeint input");
  if (toChoose) toChoose.focus();
  else if (!document.querySelector(".summary")) {
    // In a row of contacts one goes on after what was chosen for all of them.
    const open = "row" in form.dataset ? steps.find((step) => !step.querySelector("input:checked")) : null;
    enter(open || steps[0]);
  }
  // What is only likely is taken over by a person: by each chip, or all of it with one key.
  const guesses = document.querySelector("[data-take-guesses]");
  if (guesses) {
    guesses.hidden = false;
    guesses.addEventListener("click", () => {
      form.querySelectorAll(".guessed input").forEach((each) => {
        const others = each.type === "radio" ? form.querySelector(`input[name="${CSS.escape(each.name)}"]:checked`) : null;
        if (!others) each.checked = true;
      });
      ask();
    });
  }
})();
