// What is live on a page: every element with data-live="piece" gets the newest of that piece. One connection a page,
// closed while the page is hidden.
"use strict";

(function () {
  const places = Array.from(document.querySelectorAll("[data-live]"));
  const lost = document.getElementById("live-lost");
  let source = null;
  let warning = null;

  function show(isLost) {
    if (lost) {
      lost.hidden = !isLost;
    }
  }

  function open() {
    if (source !== null || places.length === 0 || document.hidden) {
      return;
    }
    const pieces = Array.from(new Set(places.map((place) => place.dataset.live)));
    source = new EventSource("/live?" + new URLSearchParams({ pieces: pieces.join(",") }));
    source.onopen = function () {
      clearTimeout(warning);
      warning = null;
      show(false);
    };
    source.onerror = function () {
      // The browser tries again every few seconds, and each failure comes here.
      warning = warning || setTimeout(show, 4000, true);
      if (source.readyState === EventSource.CLOSED) {
        close();
        again();
      }
    };
    for (const piece of pieces) {
      source.addEventListener(piece, function (event) {
        for (const place of places) {
          // What somebody is typing in, or has opened, is left alone.
          if (place.dataset.live === piece && !place.contains(document.activeElement) && !place.hasAttribute("data-held")) {
            const closed = Array.from(place.querySelectorAll("details[id]:not([open])"), (each) => each.id);
            place.innerHTML = event.data;
            for (const id of closed) {
              document.getElementById(id)?.removeAttribute("open");
            }
            if (window.htmx) {
              window.htmx.process(place);
            }
            place.dispatchEvent(new CustomEvent("live", { bubbles: true }));
          }
        }
      });
    }
  }

  // The stream was refused. Whoever has no session any more is led to where they get one.
  async function again() {
    try {
      const answer = await fetch("/login", { redirect: "manual" });
      if (answer.ok) {
        window.location.reload();
        return;
      }
    } catch (_unreachable) {
      // The agent is away; it is asked again below.
    }
    setTimeout(open, 5000);
  }

  function close() {
    if (source !== null) {
      source.close();
      source = null;
    }
  }

  document.addEventListener("visibilitychange", function () {
    if (document.hidden) {
      close();
    } else {
      open();
    }
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
})();
