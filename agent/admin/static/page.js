// The menu's button on narrow screens, the token against forged requests for htmx, and buttons that print.
"use strict";

(function () {
  const token = document.querySelector('meta[name="csrf"]');
  document.addEventListener("htmx:configRequest", function (event) {
    event.detail.headers["X-Brygga-Csrf"] = token ? token.content : "";
  });

  // A page that says why not is shown where the answer was to stand.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  const button = document.querySelector(".menu-button");
  const menu = document.getElementById("menu");
  if (button && menu) {
    button.addEventListener("click", function () {
      const open = menu.classList.toggle("open");
      button.setAttribute("aria-expanded", String(open));
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && menu.classList.contains("open")) {
        menu.classList.remove("open");
        button.setAttribute("aria-expanded", "false");
        button.focus();
      }
    });
  }

  document.addEventListener("click", function (event) {
    if (event.target instanceof Element && event.target.closest("[data-print]")) {
      window.print();
    }
  });
})();
