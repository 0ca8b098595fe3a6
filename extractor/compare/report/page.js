"use strict";
(() => {
  const changes = [...document.querySelectorAll(".change")];
  const status = document.getElementById("status");
  const search = document.getElementById("search");
  const words = new Map(changes.map((change) => [change, change.textContent.toLowerCase()]));

  const chosen = (name) => [...document.querySelectorAll(`input[data-filter="${name}"]`)].filter((box) => box.checked).map((box) => box.value);
  const selected = (name) => document.querySelector(`select[data-filter="${name}"]`).value;
  const apply = () => {
    const severities = chosen("severity");
    const kind = selected("kind");
    const field = selected("field");
    const query = search.value.trim().toLowerCase();
    const filtered = kind || field || query;
    let count = 0;
    for (const change of changes) {
      const facts = change.dataset;
      const fits = severities.includes(facts.severity) && (!kind || facts.kind === kind) && (!field || facts.field === field)
        && (!query || words.get(change).includes(query));
      change.hidden = !fits;
      count += fits ? 1 : 0;
    }
    for (const block of document.querySelectorAll(".severity, .crowd, .only")) {
      const some = [...block.querySelectorAll(".change")].some((change) => !change.hidden);
      block.hidden = !some;
      if (some && filtered && block.matches(".crowd")) block.open = true;
    }
    for (const part of document.querySelectorAll(".comparison")) {
      const all = [...part.querySelectorAll(".change")];
      part.hidden = Boolean(filtered) && all.length > 0 && all.every((change) => change.hidden);
    }
    status.textContent = count === changes.length ? "" : `${count} of ${changes.length} shown`;
  };

  document.querySelector(".tools").addEventListener("input", apply);
  document.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
})();
