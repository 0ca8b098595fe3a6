(() => {
  const entries = JSON.parse(document.getElementById("entries").textContent);
  const rows = [...document.querySelectorAll("tbody tr")];
  const body = document.querySelector("tbody");
  const said = document.getElementById("count");
  const search = document.getElementById("search");
  const order = document.getElementById("order");
  const marks = new Map(entries.map((entry) => [Marks.keyOf(entry.identity), Marks.read(entry.identity)]));
  const marksOf = (record) => marks.get(Marks.keyOf(record)) || {};
  const counted = (entry) => Object.values(marksOf(entry.identity)).filter((mark) => mark.verdict).length;
  const corrected = (entry) => Object.values(marksOf(entry.identity)).filter((mark) => "correction" in mark).length;
  const stateOf = (entry) => {
    const done = counted(entry);
    return [done === 0 ? "nothing marked" : done >= entry.values ? "all marked" : "partly marked", ...(corrected(entry) ? ["corrected"] : [])];
  };
  const GROUPS = [
    ["Source", (entry) => [entry.source]],
    ["Form", (entry) => [entry.form]],
    ["Status", (entry) => [entry.status.toLowerCase().replaceAll("_", " ")]],
    ["Findings", (entry) => (Object.keys(entry.severities).length ? Object.keys(entry.severities) : ["no findings"])],
    ["Kind of finding", (entry) => Object.keys(entry.findings)],
    ["Marks", stateOf],
  ];
  const chosen = new Map(GROUPS.map(([name]) => [name, new Set()]));

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const passes = (entry, words, except) =>
    words.every((word) => entry.words.includes(word)) &&
    GROUPS.every(([name, values]) => name === except || !chosen.get(name).size || values(entry).some((value) => chosen.get(name).has(value)));

  // Facets: each value with the number of records it would leave, the chosen ones kept in sight.
  const place = document.querySelector("#facets > div");
  const facets = (words) => {
    const focused = document.activeElement?.dataset?.facet;
    place.replaceChildren(...GROUPS.map(([name, values]) => {
      const counts = new Map();
      for (const entry of entries)
        if (passes(entry, words, name)) for (const value of values(entry)) counts.set(value, (counts.get(value) || 0) + 1);
      for (const value of chosen.get(name)) if (!counts.has(value)) counts.set(value, 0);
      const boxes = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([value, count]) => {
        const box = make("input", { type: "checkbox", checked: chosen.get(name).has(value) });
        box.dataset.facet = `${name} ${value}`;
        box.addEventListener("change", () => { chosen.get(name)[box.checked ? "add" : "delete"](value); refresh(); });
        return make("label", {}, box, ` ${value} `, make("small", { textContent: count }));
      });
      return make("fieldset", {}, make("legend", { textContent: name }), ...boxes);
    }));
    if (focused) [...place.querySelectorAll("input")].find((box) => box.dataset.facet === focused)?.focus();
  };
  const refresh = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    entries.forEach((entry, at) => {
      const shown = passes(entry, words);
      rows[at].hidden = !shown;
      left += shown;
      const done = counted(entry);
      const changed = corrected(entry);
      rows[at].querySelector(".marked").textContent = `${done} of ${entry.values}${changed ? ` · ${changed} corrected` : ""}`;
    });
    const total = entries.reduce((sum, entry) => sum + counted(entry), 0);
    said.textContent = `${left} of ${entries.length} records · ${total} values marked`;
    document.getElementById("none").hidden = left > 0;
    facets(words);
  };
  const ORDERS = {
    read: (a, b) => a - b,
    findings: (a, b) => sum(entries[b].findings) - sum(entries[a].findings) || a - b,
    open: (a, b) => counted(entries[a]) / entries[a].values - counted(entries[b]) / entries[b].values || a - b,
  };
  const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);
  order.addEventListener("change", () => {
    body.append(...rows.map((_, at) => at).sort(ORDERS[order.value]).map((at) => rows[at]));
  });
  search.addEventListener("input", refresh);

  // Marks come back from the pages: through the browser's storage, and from pages that were opened here by message.
  const take = (record, value) => {
    const key = Marks.keyOf(record);
    if (!marks.has(key)) return;
    marks.set(key, value);
    Marks.write(record, value);
  };
  window.addEventListener("message", ({ data, source }) => {
    if (data?.kind === "extract-review" && data.record && typeof data.marks === "object") { take(data.record, data.marks); refresh(); }
    if (data?.kind === "extract-review-open" && Array.isArray(data.records)) {
      const kept = Object.fromEntries(data.records.map((record) => [Marks.keyOf(record), marksOf(record)]).filter(([, own]) => Object.keys(own).length));
      source?.postMessage({ kind: "extract-review-kept", marks: kept }, "*");
    }
  });
  const reread = () => {
    for (const entry of entries) {
      const kept = Marks.read(entry.identity);
      if (Object.keys(kept).length) marks.set(Marks.keyOf(entry.identity), kept);
    }
    refresh();
  };
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key && marks.has(key)) marks.set(key, newValue ? JSON.parse(newValue) : {});
    refresh();
  });
  window.addEventListener("pageshow", reread);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) reread(); });
  const review = () => Marks.review(entries.map((entry) => entry.identity), marksOf);
  document.getElementById("export").addEventListener("click", () => { Marks.download(review()); });
  if (matchMedia("(max-width: 800px)").matches) document.getElementById("facets").open = false;
  Marks.theme();
  refresh();
  window.extractReview = review;
})();
