// The log's filters, which hide rows of what is live, and the button that holds it still.
"use strict";

(function () {
  const levels = ["debug", "info", "warning", "error", "critical"];
  const place = document.getElementById("log");
  const form = document.getElementById("log-filters");
  const pause = document.getElementById("log-pause");
  if (!place || !form || !pause) {
    return;
  }

  function fits(row, asked) {
    if (levels.indexOf(row.dataset.level) < levels.indexOf(asked.level)) {
      return false;
    }
    const parts = { shop: row.dataset.shop, part: row.dataset.part, code: row.dataset.code, text: row.textContent };
    return Object.keys(parts).every((name) => parts[name].toLowerCase().includes(asked[name].trim().toLowerCase()));
  }

  function apply() {
    const asked = Object.fromEntries(new FormData(form));
    for (const row of place.querySelectorAll("tbody tr")) {
      row.hidden = !fits(row, asked);
    }
  }

  form.addEventListener("input", apply);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    apply();
  });
  place.addEventListener("live", apply);
  pause.addEventListener("click", function () {
    const isHeld = place.toggleAttribute("data-held");
    pause.setAttribute("aria-pressed", String(isHeld));
    pause.textContent = isHeld ? pause.dataset.goOn : pause.dataset.pause;
  });
  apply();
})();
