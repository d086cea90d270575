// Comforts only: every page works without this file.
(() => {
  const say = (text) => {
    const voice = document.querySelector("[data-say]");
    if (voice) voice.textContent = text;
  };
  const words = (name) => document.querySelector("[data-say]")?.dataset[name] ?? "";
  const yuan = (fen) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;

  async function copy(button) {
    const source = document.querySelector(button.dataset.copy);
    const text = source.value ?? source.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      if (!copyByHand(text)) return say(words("press"));
    }
    say("");
    say(words("copied"));
    const label = button.querySelector("[data-label]") ?? button;
    label.dataset.was ??= label.innerHTML;
    label.textContent = words("copied");
    clearTimeout(button.timer);
    button.timer = setTimeout(() => (label.innerHTML = label.dataset.was), 1800);
  }

  // Plain http has no clipboard of the new kind.
  function copyByHand(text) {
    const focused = document.activeElement;
    const box = Object.assign(document.createElement("textarea"), { value: text, className: "spoken", readOnly: true });
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    focused?.focus();
    return done;
  }

  function busy(form) {
    const button = form.querySelector("button[type=submit], button:not([type])");
    if (!button || form.dataset.sent) return;
    form.dataset.sent = "yes";
    button.dataset.was = button.innerHTML;
    // Later than the submission, so that the button's own name and value are still sent.
    setTimeout(() => {
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
      button.textContent = form.dataset.busy;
      say(form.dataset.busy);
    });
  }

  function free(form) {
    const button = form.querySelector("[aria-busy=true]");
    delete form.dataset.sent;
    if (!button) return;
    button.disabled = false;
    button.removeAttribute("aria-busy");
    button.innerHTML = button.dataset.was;
  }

  function step(box, by) {
    const input = box.querySelector("input");
    const least = Number(box.dataset.min);
    const most = Number(box.dataset.max);
    if (by) input.value = Math.min(most, Math.max(least, (Number(input.value) || 0) + by));
    const count = /^\d{1,4}$/.test(input.value) ? Number(input.value) : 0;
    for (const button of box.querySelectorAll("[data-step]")) {
      button.disabled = Number(button.dataset.step) < 0 ? count <= least : count >= most;
    }
    const form = box.closest("[data-price]");
    const total = form?.querySelector("[data-total]");
    if (total && count) {
      const fen = count * Number(form.dataset.price);
      total.textContent = yuan(fen - Math.floor((fen * Number(form.dataset.discount || 0)) / 10000));
    }
  }

  // The server's clock is the one that counts: `data-now` tells how far this one is off.
  function tick() {
    for (const clock of document.querySelectorAll("[data-until]")) {
      clock.ahead ??= Date.now() / 1000 - Number(clock.dataset.now || Date.now() / 1000);
      const left = Math.max(0, Math.round(Number(clock.dataset.until) - (Date.now() / 1000 - clock.ahead)));
      clock.textContent = `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
    }
  }

  function start(root) {
    for (const button of root.querySelectorAll("[data-copy], [data-step]")) button.hidden = false;
    for (const box of root.querySelectorAll("[data-stepper]")) step(box, 0);
    tick();
  }

  function showWrong() {
    const wrong = document.querySelector("[aria-invalid=true]");
    wrong?.focus({ preventScroll: true });
    wrong?.scrollIntoView({ block: "center" });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-step]");
    if (button?.dataset.copy) copy(button);
    else if (button) step(button.closest("[data-stepper]"), Number(button.dataset.step));
  });
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-stepper]");
    if (box) step(box, 0);
    const picked = document.getElementById(event.target.dataset.picks);
    if (picked) picked.checked = true;
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.busy) return;
    if (event.target.dataset.sent) event.preventDefault();
    else busy(event.target);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("[data-sent]").forEach(free);
  });
  document.addEventListener("htmx:after:swap", () => start(document));
  // Where htmx cannot be fetched, a page that would ask for news is loaded anew.
  addEventListener("load", () => {
    if (!window.htmx && document.querySelector("[hx-trigger^=every]")) setTimeout(() => location.reload(), 3000);
  });
  setInterval(tick, 1000);
  start(document);
  showWrong();
})();
