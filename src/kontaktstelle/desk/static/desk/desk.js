/* Enhancement only: every page of the desk works without this file. */
(() => {
  "use strict";

  // What went wrong is read out first.
  document.querySelector(".summary")?.focus();

  // Keys that go somewhere, except while somebody types.
  const typing = (element) => element.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]") !== null;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
    const search = document.getElementById("suche");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
      return;
    }
    const way = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
    // Whoever presses a page's own key on it stays there with what is typed.
    if (way && way.getAttribute("aria-current") !== "page") {
      event.preventDefault();
      way.click();
    }
  });

  // Text to take along.
  for (const button of document.querySelectorAll("[data-copy]")) {
    const text = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      text.select();
      try {
        await navigator.clipboard.writeText(text.value);
        button.textContent = "Kopiert";
      } catch {
        button.textContent = "Markiert, bitte mit Strg C kopieren";
      }
    });
  }

  // The menu closes with Escape and when one goes elsewhere.
  const menu = document.querySelector(".me");
  if (menu) {
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  }

  // Two minutes before the desk locks it says so; one press goes on. The draft stays in the page in any case.
  const seconds = Number(document.body.dataset.locksAfter || 0);
  const soon = document.querySelector("[data-soon]");
  if (seconds && soon) {
    let timer;
    const wait = () => {
      clearTimeout(timer);
      soon.hidden = true;
      timer = setTimeout(() => { soon.hidden = false; }, Math.max(seconds - 120, 1) * 1000);
    };
    soon.querySelector("[data-stay]").addEventListener("click", async () => {
      await fetch(document.querySelector(".brand").href, { method: "HEAD" });
      wait();
    });
    wait();
  }
})();
