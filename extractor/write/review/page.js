"use strict";
(() => {
  const page = document.getElementById("document");
  const form = document.getElementById("record");
  const status = document.getElementById("status");
  const records = JSON.parse(document.body.dataset.records);
  const pieces = new Map();
  for (const piece of page.querySelectorAll(".at"))
    for (const name of piece.dataset.at.split(" ")) {
      if (!pieces.has(name)) pieces.set(name, []);
      pieces.get(name).push(piece);
    }
  const marks = new Map();
  let lit = [];

  const tell = (words) => { status.textContent = words; };
  const nameOf = (element) => element.closest("article").dataset.record + element.dataset.pointer;
  const above = (name) => {
    for (let at = name; at; at = at.slice(0, at.lastIndexOf("/"))) if (pieces.has(at)) return at;
    return "";
  };
  const fieldOf = (name) => {
    const article = form.querySelector(`article[data-record="${parseInt(name, 10)}"]`);
    const pointer = name.slice(name.indexOf("/"));
    const exact = article.querySelector(`[data-pointer="${CSS.escape(pointer)}"]`);
    return exact || article.querySelector(`[data-pointer^="${CSS.escape(pointer)}/"]`);
  };
  const light = (elements) => {
    for (const element of lit) element.classList.remove("lit");
    lit = elements.filter(Boolean);
    for (const element of lit) element.classList.add("lit");
  };
  const lightPieces = (element, go) => {
    const found = pieces.get(above(nameOf(element))) || [];
    light([element, ...found]);
    if (go && found.length) found[0].scrollIntoView({ block: "center" });
    if (go && !found.length) tell("no place in the document: inferred, or the layout says it");
  };
  const lightFields = (piece, go) => {
    const fields = piece.dataset.at.split(" ").sort((a, b) => b.length - a.length).map(fieldOf).filter(Boolean);
    light([piece, ...fields]);
    if (go && fields.length) {
      for (let at = fields[0].closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
      fields[0].scrollIntoView({ block: "center" });
      fields[0].focus({ preventScroll: true });
    }
  };
  const show = (element, verdict, note) => {
    element.classList.toggle("is-right", verdict === "RIGHT");
    element.classList.toggle("is-wrong", verdict === "WRONG");
    element.querySelector(":scope > .note")?.remove();
    if (note) {
      const words = document.createElement("span");
      words.className = "note";
      words.textContent = note;
      element.append(words);
    }
  };
  const mark = (element, change) => {
    const name = nameOf(element);
    const next = { ...marks.get(name), ...change };
    if (!next.verdict && !next.note) marks.delete(name); else marks.set(name, next);
    show(element, next.verdict, next.note);
    tell(`${marks.size} marked`);
  };
  const exported = () => ({
    format: "extract-review-1",
    records: records.map((record, number) => ({
      ...record,
      marks: [...marks].filter(([name]) => parseInt(name, 10) === number)
        .map(([name, value]) => ({ path: name.slice(name.indexOf("/")), ...value })),
    })),
  });

  form.addEventListener("mouseover", (event) => {
    const element = event.target.closest("[data-pointer]");
    if (element) lightPieces(element, false);
  });
  form.addEventListener("focusin", (event) => {
    const element = event.target.closest("[data-pointer]");
    if (element) lightPieces(element, false);
  });
  form.addEventListener("click", (event) => {
    const element = event.target.closest("[data-pointer], [data-go]");
    if (element) open(element);
  });
  const open = (element) => {
    if (element.dataset.pointer) { lightPieces(element, true); return; }
    const number = element.closest("article").dataset.record;
    const field = fieldOf(number + element.dataset.go);
    if (field) { field.scrollIntoView({ block: "center" }); field.focus({ preventScroll: true }); lightPieces(field, true); }
  };
  page.addEventListener("mouseover", (event) => {
    const piece = event.target.closest(".at");
    if (piece) lightFields(piece, false);
  });
  page.addEventListener("click", (event) => {
    const piece = event.target.closest(".at");
    if (piece) lightFields(piece, true);
  });
  const step = (element, way) => {
    const all = [...form.querySelectorAll("[data-pointer]")].filter((x) => x.offsetParent);
    all[all.indexOf(element) + way]?.focus();
  };
  const keys = {
    Enter: (element) => open(element),
    ArrowDown: (element) => step(element, 1),
    ArrowUp: (element) => step(element, -1),
    y: (element) => mark(element, { verdict: marks.get(nameOf(element))?.verdict === "RIGHT" ? undefined : "RIGHT" }),
    n: (element) => mark(element, { verdict: marks.get(nameOf(element))?.verdict === "WRONG" ? undefined : "WRONG" }),
    e: (element) => {
      const note = window.prompt("Note", marks.get(nameOf(element))?.note || "");
      if (note !== null) mark(element, { note: note || undefined });
    },
  };
  form.addEventListener("keydown", (event) => {
    const element = event.target.closest("[data-pointer], [data-go]");
    const act = keys[event.key];
    if (!element || !act || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!element.dataset.pointer && event.key !== "Enter") return;
    event.preventDefault();
    act(element);
  });

  const search = document.getElementById("search");
  let hits = [];
  let hit = -1;
  const find = () => {
    for (const element of hits) element.classList.remove("hit");
    const words = search.value.trim().toLowerCase();
    hits = words ? [...document.querySelectorAll(".at, .leaf, .chip")].filter((x) => x.textContent.toLowerCase().includes(words)) : [];
    for (const element of hits) element.classList.add("hit");
    hit = -1;
    tell(words ? `${hits.length} matches` : "");
  };
  const next = () => {
    if (!hits.length) return;
    hit = (hit + 1) % hits.length;
    for (let at = hits[hit].closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
    hits[hit].scrollIntoView({ block: "center" });
  };
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") next(); });
  document.getElementById("next-match").addEventListener("click", next);
  document.getElementById("print").addEventListener("click", () => window.print());
  document.getElementById("theme").addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.theme = dark ? "light" : "dark";
  });
  document.getElementById("export").addEventListener("click", () => {
    const blob = new Blob([JSON.stringify(exported(), null, 2)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = "review.json";
    link.click();
    URL.revokeObjectURL(link.href);
    tell(`${marks.size} marks exported`);
  });
  window.extractReview = exported;
})();
