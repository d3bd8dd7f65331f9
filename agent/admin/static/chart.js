// The overview's two charts, drawn by uPlot in the colours of the stylesheet. Figures come as JSON.
"use strict";

(function () {
  const box = document.getElementById("charts");
  if (!box || !window.uPlot) {
    return;
  }
  const locale = document.documentElement.lang === "sv" ? "sv-SE" : "en-GB";
  let range = "day";
  let drawn = [];

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function when(seconds) {
    const at = new Date(seconds * 1000);
    const day = { month: "short", day: "numeric", timeZone: "Europe/Stockholm" };
    const hour = { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Stockholm" };
    return at.toLocaleString(locale, range === "month" ? day : range === "week" ? { ...day, ...hour } : hour);
  }

  function tick(seconds) {
    const at = new Date(seconds * 1000);
    const zone = { timeZone: "Europe/Stockholm" };
    return range === "day"
      ? at.toLocaleTimeString(locale, { ...zone, hour: "2-digit", minute: "2-digit" })
      : at.toLocaleDateString(locale, { ...zone, day: "numeric", month: "short" });
  }

  function duration(seconds) {
    if (seconds === null || seconds === undefined) {
      return "–";
    }
    if (seconds < 120) {
      return seconds.toLocaleString(locale, { maximumFractionDigits: seconds < 10 ? 1 : 0 }) + " s";
    }
    return seconds < 7200 ? Math.round(seconds / 60) + " min" : Math.round(seconds / 3600) + " h";
  }

  function options(width, bucket, series, value, whole) {
    const soft = colour("--soft");
    const line = { stroke: colour("--line"), width: 1 };
    const font = "12px system-ui, sans-serif";
    return {
      width: width,
      height: 230,
      padding: [8, 8, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { show: true } },
      scales: { x: { time: true, range: (_, from, to) => [from, to + bucket] }, y: { range: (_, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
      axes: [
        { stroke: soft, grid: { show: false }, ticks: line, font: font, space: 64, values: (_, at) => at.map(tick) },
        { stroke: soft, grid: line, ticks: line, font: font, size: 58, values: (_, all) => all.map(value), ...whole },
      ],
      series: [{ label: box.dataset.time, value: (_, at) => (at === null ? "" : when(at)) }, ...series],
    };
  }

  function table(figure, columns, titles, shown) {
    const old = figure.querySelector("details");
    const details = document.createElement("details");
    details.open = Boolean(old && old.open);
    const summary = document.createElement("summary");
    summary.textContent = box.dataset.table;
    const wrap = document.createElement("div");
    wrap.className = "table-wrap";
    wrap.tabIndex = 0;
    wrap.setAttribute("role", "region");
    wrap.setAttribute("aria-label", figure.dataset.label);
    const made = document.createElement("table");
    const head = made.createTHead().insertRow();
    for (const title of [box.dataset.time, ...titles]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = title;
      head.append(cell);
    }
    const body = made.createTBody();
    columns[0].forEach(function (at, place) {
      const row = body.insertRow();
      row.insertCell().textContent = when(at);
      for (const column of columns.slice(1)) {
        row.insertCell().textContent = shown(column[place]);
      }
    });
    wrap.append(made);
    details.append(summary, wrap);
    if (old) {
      old.replaceWith(details);
    } else {
      figure.append(details);
    }
  }

  function draw(name, columns, series, titles, shown) {
    const figure = box.querySelector('[data-chart="' + name + '"]');
    const place = figure.querySelector(".chart");
    place.replaceChildren();
    // There are no parts of orders.
    const steps = name === "orders" ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] } : {};
    const bucket = columns[0].length > 1 ? columns[0][1] - columns[0][0] : 3600;
    const least = name === "orders" ? 1 : 0;
    if (!columns.slice(1).some((column) => column.some((value) => value !== null && value >= least))) {
      place.textContent = box.dataset.none;
      return;
    }
    drawn.push({ place: place, chart: new window.uPlot(options(place.clientWidth, bucket, series, shown, steps), columns, place) });
    const canvas = place.querySelector("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", figure.dataset.label);
    table(figure, columns, titles, shown);
  }

  function render(data) {
    drawn.forEach((each) => each.chart.destroy());
    drawn = [];
    const first = colour("--chart-1");
    const second = colour("--chart-2");
    const latency = box.querySelector('[data-chart="latency"]');
    const label = box.querySelector('[data-chart="orders"]').dataset.label;
    const whole = (value) => (value === null ? "–" : value.toLocaleString(locale));
    const bars = window.uPlot.paths.bars({ size: [0.75, 40], align: 1 });
    draw(
      "orders",
      [data.at, data.orders],
      [{ label: label, stroke: first, fill: first, paths: bars, points: { show: false }, value: (_, v) => whole(v) }],
      [label],
      whole
    );
    const line = { width: 2, spanGaps: true, points: { size: 5 }, value: (_, v) => duration(v) };
    draw(
      "latency",
      [data.at, data.median, data.slow],
      [
        { ...line, label: latency.dataset.median, stroke: first },
        { ...line, label: latency.dataset.slow, stroke: second, dash: [6, 4] },
      ],
      [latency.dataset.median, latency.dataset.slow],
      duration
    );
    box.dataset.drawn = range;
  }

  async function load() {
    const answer = await fetch(box.dataset.url + "?range=" + range, { headers: { Accept: "application/json" } });
    if (answer.ok && !answer.redirected) {
      render(await answer.json());
    }
  }

  for (const button of document.querySelectorAll("[data-range]")) {
    button.addEventListener("click", function () {
      range = button.dataset.range;
      for (const each of document.querySelectorAll("[data-range]")) {
        each.setAttribute("aria-pressed", String(each === button));
      }
      load();
    });
  }
  window.addEventListener("resize", function () {
    for (const each of drawn) {
      each.chart.setSize({ width: each.place.clientWidth, height: 230 });
    }
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", load);
  setInterval(function () {
    if (!document.hidden) {
      load();
    }
  }, 60000);
  load();
})();
