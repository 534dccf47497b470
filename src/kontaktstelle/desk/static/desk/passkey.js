/* Passkeys. Written for this project against the Web Authentication standard; without it the buttons stay hidden. */
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  const known = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  const made = async ({ publicKey }) => {
    const credential = await navigator.credentials.create({
      publicKey: {
        ...publicKey,
        challenge: bytes(publicKey.challenge),
        user: { ...publicKey.user, id: bytes(publicKey.user.id) },
        excludeCredentials: known(publicKey.excludeCredentials),
        // A passkey that is known by itself, and asks who is there: it serves alone and as second factor.
        authenticatorSelection: {
          ...publicKey.authenticatorSelection,
          residentKey: "required",
          requireResidentKey: true,
          userVerification: "required",
        },
      },
    });
    const { response } = credential;
    return {
      ...common(credential),
      response: {
        clientDataJSON: text(response.clientDataJSON),
        attestationObject: text(response.attestationObject),
        transports: response.getTransports ? response.getTransports() : [],
      },
    };
  };
  const shown = async ({ publicKey }) => {
    const credential = await navigator.credentials.get({
      publicKey: {
        ...publicKey,
        challenge: bytes(publicKey.challenge),
        allowCredentials: known(publicKey.allowCredentials),
      },
    });
    const { response } = credential;
    return {
      ...common(credential),
      response: {
        clientDataJSON: text(response.clientDataJSON),
        authenticatorData: text(response.authenticatorData),
        signature: text(response.signature),
        userHandle: response.userHandle ? text(response.userHandle) : null,
      },
    };
  };
  const common = (credential) => ({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment,
  });
  const asked = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) throw new Error("no options");
    return (await answer.json()).request_options;
  };

  for (const place of document.querySelectorAll("[data-passkey]")) {
    place.hidden = false;
    const field = place.querySelector("input");
    const wrong = place.querySelector(".error");
    place.querySelector("button").addEventListener("click", async () => {
      wrong.hidden = true;
      const name = field.form.elements.name;
      if (name?.required && !name.reportValidity()) return;
      try {
        const options = JSON.parse(place.dataset.options);
        const kind = place.dataset.passkey;
        const credential =
          kind === "create"
            ? await made(options.creation_options)
            : await shown(kind === "sign-in" ? await asked(place.dataset.address) : options.request_options);
        field.value = JSON.stringify(credential);
        field.form.submit();
      } catch {
        wrong.hidden = false;
      }
    });
  }
  for (const or of document.querySelectorAll("[data-with-passkey]")) or.hidden = false;
})();
