/* The Posteingang: drop a file, press Ctrl Enter. Without this file one pastes or chooses. Nothing is kept in the browser. */
(() => {
  "use strict";
  const form = document.querySelector("[data-drop]");
  if (!form) return;
  const file = form.querySelector("input[type=file]");
  const hint = form.querySelector("[data-drop-hint]");
  hint.hidden = false;
  // Half sent, the page must not be sent twice.
  const send = () => form.requestSubmit();

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  });
  const carriesFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    form.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) form.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    form.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    if (event.dataTransfer.files.length > 1) {
      hint.textContent = "Bitte legen Sie eine Nachricht nach der anderen ab.";
      return;
    }
    file.files = event.dataTransfer.files;
    send();
  });
})();
