/* The Strichliste by keyboard: a letter is a stroke. Without this file one types numbers. */
(() => {
  "use strict";
  const form = document.querySelector("[data-tally]");
  if (!form) return;
  const fields = [...form.querySelectorAll(".stroke input")];
  const sum = form.querySelector("[data-sum]");
  const draft = `entwurf-strichliste-${form.dataset.tally}`;
  form.querySelector("[data-tally-hint]").hidden = false;

  const keep = () => {
    const kept = [...new FormData(form)].filter(([name, value]) => value && !["csrfmiddlewaretoken", "form_key"].includes(name));
    try { sessionStorage.setItem(draft, JSON.stringify(kept)); } catch { /* a full store loses no stroke */ }
  };
  const count = () => {
    const all = fields.reduce((total, field) => total + (Number(field.value) || 0), 0);
    sum.textContent = all === 1 ? "Ein Strich" : all ? `${all} Striche` : "";
  };
  const stroke = (field, by) => {
    const now = Math.max(0, Math.min((Number(field.value) || 0) + by, Number(form.dataset.most)));
    field.value = now || "";
    count();
    keep();
  };
  for (const field of fields) {
    const row = field.closest(".stroke");
    for (const [name, by] of [["[data-less]", -1], ["[data-more]", 1]]) {
      const button = row.querySelector(name);
      button.hidden = false;
      button.addEventListener("click", () => stroke(field, by));
    }
  }
  form.addEventListener("input", () => { count(); keep(); });
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => {
    try { sessionStorage.removeItem(draft); } catch { /* nothing to forget */ }
  });
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.target.closest("input[type=text], select, textarea")) return;
    const key = event.key.toLowerCase();
    const channel = form.querySelector(`[data-channels] [data-shortcut="${CSS.escape(key)}"]`);
    const field = fields.find((each) => each.dataset.shortcut === key);
    if (!channel && !field) return;
    // The same letter is a way elsewhere on the desk; here it counts.
    event.preventDefault();
    event.stopImmediatePropagation();
    if (channel) {
      channel.checked = true;
      keep();
    } else stroke(field, event.shiftKey ? -1 : 1);
  }, true);
  let kept = [];
  try { kept = JSON.parse(sessionStorage.getItem(draft) || "[]"); } catch { /* unreadable is empty */ }
  if (!document.querySelector(".summary")) {
    for (const [name, value] of kept) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "radio") field.checked ||= field.value === value;
        else field.value = value;
      }
    }
  }
  count();
})();
