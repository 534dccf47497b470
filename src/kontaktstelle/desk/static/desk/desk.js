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

  // Two minutes before the desk locks it says so; one press goes on. When it locks, what stands on the screen is covered:
  // an open card must not be read over an empty chair. Nothing is thrown away, and it comes back once the lock is open.
  const seconds = Number(document.body.dataset.locksAfter || 0);
  const soon = document.querySelector("[data-soon]");
  const covered = document.querySelector("[data-covered]");
  if (seconds && soon && covered) {
    const page = document.querySelector("main");
    let warning, lock;
    const wait = () => {
      clearTimeout(warning);
      clearTimeout(lock);
      soon.hidden = true;
      warning = setTimeout(() => { soon.hidden = false; }, Math.max(seconds - 120, 1) * 1000);
      lock = setTimeout(look, (seconds + 1) * 1000);
    };
    const look = async () => {
      let open = false;
      try {
        open = (await fetch(document.querySelector(".brand").href, { method: "HEAD", redirect: "manual" })).ok;
      } catch {
        // No answer: better covered than read.
      }
      if (page.hidden === open) {
        page.hidden = !open;
        covered.hidden = open;
        (open ? page : covered).focus();
      }
      if (open) wait();
      soon.hidden = true;
    };
    soon.querySelector("[data-stay]").addEventListener("click", look);
    addEventListener("focus", () => { if (page.hidden) look(); });
    document.addEventListener("visibilitychange", () => { if (page.hidden && !document.hidden) look(); });
    wait();
  }
})();
