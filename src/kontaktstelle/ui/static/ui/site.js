/* Enhancement only: every page works without this file. */
(() => {
  "use strict";

  // "Seite verlassen": the link works alone; here it also leaves no way back, and Shift three times does the same.
  const leave = document.querySelector(".leave");
  if (leave) {
    const away = (event) => {
      event.preventDefault();
      document.body.replaceChildren();
      document.title = " ";
      location.replace(leave.href);
    };
    let presses = [];
    leave.addEventListener("click", away);
    addEventListener("keyup", (event) => {
      presses = event.key === "Shift" ? [...presses, event.timeStamp].filter((at) => event.timeStamp - at < 3000) : [];
      if (presses.length >= 3) away(event);
    });
  }

  // What went wrong is read out first.
  document.querySelector(".summary")?.focus();

  // Buttons that only make sense with a script are shown by it.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  // A link to a page that can also open as a dialog on this one.
  for (const opener of document.querySelectorAll("[data-dialog]")) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog) continue;
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
  }
})();
