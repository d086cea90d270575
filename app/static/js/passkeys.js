// Lets a passkey sign what the shop draws, and sends the answer with the form around the button.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  async function draw(box, form) {
    const token = form.querySelector("[name=csrf_token]").value;
    const answer = await fetch(box.dataset.challenge, { method: "POST", headers: { "X-CSRFToken": token } });
    // Led elsewhere: the page is too old, and its next visit says what has to be done first.
    if (answer.redirected || answer.status === 400) return location.reload();
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  function open(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const key of [...(options.allowCredentials ?? []), ...(options.excludeCredentials ?? [])]) key.id = bytes(key.id);
    return options;
  }

  function close(key) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (key.response[name]) response[name] = text(key.response[name]);
    }
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
  }

  async function ask(box, form) {
    const failed = box.querySelector("[data-failed]");
    const button = box.querySelector("button");
    failed.hidden = true;
    button.disabled = true;
    try {
      const options = await draw(box, form);
      if (!options) return;
      const key = await navigator.credentials[box.dataset.passkey]({ publicKey: open(options) });
      box.querySelector("input").value = close(key);
      form.requestSubmit();
    } catch {
      failed.hidden = false;
    } finally {
      button.disabled = false;
    }
  }

  for (const box of document.querySelectorAll("[data-passkey]")) {
    const form = box.closest("form");
    const button = box.querySelector("button");
    const known = Boolean(window.PublicKeyCredential && window.isSecureContext);
    button.hidden = !known;
    box.querySelector("[data-unknown]").hidden = known;
    button.addEventListener("click", () => ask(box, form));
    // Enter in the name's field would send a form without an answer.
    if (box.dataset.passkey === "create") {
      form.addEventListener("submit", (event) => {
        if (box.querySelector("input").value) return;
        event.preventDefault();
        button.click();
      });
    }
  }
})();
