(() => {
  const page = document.getElementById("document");
  const form = document.getElementById("record");
  const status = document.getElementById("status");
  const progress = document.getElementById("progress");
  const records = JSON.parse(document.body.dataset.records);
  const narrow = matchMedia("(max-width: 800px)");
  const pieces = new Map();
  for (const piece of page.querySelectorAll(".at"))
    for (const name of piece.dataset.at.split(" ")) {
      if (!pieces.has(name)) pieces.set(name, []);
      pieces.get(name).push(piece);
    }
  const fields = new Map();
  for (const article of form.querySelectorAll("article"))
    for (const field of article.querySelectorAll("[data-pointer]")) fields.set(article.dataset.record + field.dataset.pointer, field);
  const all = [...fields.values()];
  const marks = records.map((record) => Marks.read(record));
  let lit = [];
  let current = null;

  const tell = (words) => { status.textContent = words; };
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const numberOf = (element) => Number(element.closest("article").dataset.record);
  const nameOf = (element) => numberOf(element) + element.dataset.pointer;
  const above = (name) => {
    for (let at = name; at.includes("/"); at = at.slice(0, at.lastIndexOf("/"))) if (pieces.has(at)) return at;
    return "";
  };
  const below = (name) => {
    for (const [other, field] of fields) if (other.startsWith(`${name}/`)) return field;
    return null;
  };
  const fieldOf = (name) => {
    if (fields.has(name)) return fields.get(name);
    const inside = below(name);
    if (inside) return inside;
    for (let at = name; at.includes("/"); at = at.slice(0, at.lastIndexOf("/"))) if (fields.has(at)) return fields.get(at);
    return null;
  };
  const visible = (element) => element.getClientRects().length > 0;
  const light = (elements) => {
    for (const element of lit) element.classList.remove("lit");
    lit = elements.filter(Boolean);
    for (const element of lit) element.classList.add("lit");
  };
  const unfold = (element) => {
    for (let at = element.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
  };
  const bring = (element) => { unfold(element); element.scrollIntoView({ block: "center" }); };
  const piecesOf = (element, extra) => [...(pieces.get(above(nameOf(element))) || []), ...(extra ? pieces.get(extra) || [] : [])];
  const lightPieces = (element, go, extra) => {
    const found = piecesOf(element, extra);
    light([element, ...found]);
    const seen = found.filter(visible);
    if (go && seen.length) bring(seen[0]);
    if (go && !found.length) tell("no place in the document: inferred, or the layout says it");
  };

  // The line of the document that a value stands in, for screens that show one pane at a time.
  const FEW = 12; // characters; a shorter line, such as a cell, says nothing without its neighbours
  const beside = (piece, way) => {
    let words = "";
    for (let node = piece[way]; node && words.length < 160; node = node[way])
      words = way === "previousSibling" ? node.textContent + words : words + node.textContent;
    return words;
  };
  const sourceOf = (element) => {
    const found = piecesOf(element).filter((piece) => piece.tagName !== "rect");
    if (!found.length) return "";
    const words = found.map((piece) => piece.textContent).join(" … ");
    const before = beside(found[0], "previousSibling");
    const after = beside(found[found.length - 1], "nextSibling");
    const line = before.slice(before.lastIndexOf("\n") + 1).slice(-80) + words + after.split("\n")[0].slice(0, 80);
    return line.trim().length > FEW ? line.trim() : `${before.slice(-30)}${words}${after.slice(0, 30)}`.trim().replace(/\s*\n\s*/g, " · ");
  };

  // Marking: a small bar below the value that is current.
  const markOf = (element) => marks[numberOf(element)][element.dataset.pointer] || {};
  const bar = make("div", { id: "tools" });
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Mark this value");
  const button = (words, title, act) => make("button", { type: "button", textContent: words, title, onclick: act });
  const rightButton = button("✓ right", "y", () => toggle(current, "RIGHT"));
  const wrongButton = button("✗ wrong", "n", () => toggle(current, "WRONG"));
  const source = make("blockquote", { className: "source" });
  bar.append(rightButton, wrongButton, button("correct", "c", () => edit(current)), button("note", "e", () => edit(current, true)), source);
  const select = (element) => {
    if (current === element && bar.isConnected) return;
    closeEditor();
    current?.classList.remove("current");
    current = element;
    element.classList.add("current");
    element.after(bar);
    const words = narrow.matches ? sourceOf(element) : "";
    source.textContent = words;
    source.hidden = !words;
    press();
  };
  const press = () => {
    rightButton.setAttribute("aria-pressed", markOf(current).verdict === "RIGHT");
    wrongButton.setAttribute("aria-pressed", markOf(current).verdict === "WRONG");
  };
  const show = (element) => {
    const number = numberOf(element);
    const own = markOf(element);
    const inner = Object.entries(marks[number]).filter(([path]) => element.dataset.parts && path.startsWith(`${element.dataset.pointer}/`));
    const corrected = inner.map(([path, mark]) => `${path.slice(element.dataset.pointer.length + 1)}: ${mark.was} → ${mark.correction}`);
    if ("correction" in own) corrected.push(`${own.correction}`);
    element.classList.toggle("is-right", own.verdict === "RIGHT");
    element.classList.toggle("is-wrong", own.verdict === "WRONG");
    element.querySelectorAll(":scope > .note").forEach((note) => note.remove());
    const said = own.verdict === "RIGHT" ? "marked right" : own.verdict === "WRONG" ? "marked wrong" : "";
    if (said) element.append(make("span", { className: "note hidden", textContent: ` (${said})` }));
    for (const words of corrected) element.append(make("ins", { className: "note", textContent: words }));
    if (own.note) element.append(make("span", { className: "note", textContent: own.note }));
  };
  const count = () => {
    const done = all.filter((element) => markOf(element).verdict).length;
    progress.textContent = `${done} of ${all.length}`;
    progress.value = progress.textContent;
    return done;
  };
  const keep = (number) => {
    if (!Marks.write(records[number], marks[number])) tell("this browser keeps no marks: export them before you close the page");
    tellOpener(number);
  };
  const change = (element, path, next) => {
    const number = numberOf(element);
    if (Object.values(next).every((value) => value === undefined)) delete marks[number][path];
    else marks[number][path] = JSON.parse(JSON.stringify(next));
    show(element);
    if (element === current) press();
    keep(number);
    tell(`${count()} of ${all.length} marked`);
  };
  const toggle = (element, verdict) => {
    const own = markOf(element);
    change(element, element.dataset.pointer, { ...own, verdict: own.verdict === verdict ? undefined : verdict });
  };

  // Correcting: a value keeps its type; of a constraint each part can be set.
  const valueOf = (element) => element.querySelector(":scope > .value").textContent;
  const typed = (words, type) => {
    if (type === "number") return words.trim() !== "" && Number.isFinite(Number(words)) ? Number(words) : undefined;
    if (type === "boolean") return { true: true, false: false }[words.trim()];
    return words;
  };
  let editor = null;
  const closeEditor = () => { editor?.remove(); editor = null; };
  const partsOf = (element) => {
    if (element.dataset.parts)
      return Object.entries(JSON.parse(element.dataset.parts)).map(([path, was]) => ({ path: element.dataset.pointer + path, label: path.slice(1), was }));
    return [{ path: element.dataset.pointer, label: "Correct value", was: typed(valueOf(element), element.dataset.type) }];
  };
  const edit = (element, noteFirst) => {
    select(element);
    closeEditor();
    const number = numberOf(element);
    const inputs = partsOf(element).map((part) => {
      const long = typeof part.was === "string" && part.was.length > 60;
      const input = make(long ? "textarea" : "input", { value: `${marks[number][part.path]?.correction ?? part.was}`, rows: 3 });
      return { ...part, input, row: make("label", {}, part.label, input) };
    });
    const note = make("input", { value: markOf(element).note || "" });
    editor = make("form", { id: "editor" }, ...inputs.map((item) => item.row), make("label", {}, "Note", note),
      make("button", { type: "submit", textContent: "Save" }), button("Cancel", "Escape", () => { closeEditor(); element.focus(); }));
    editor.addEventListener("submit", (event) => { event.preventDefault(); save(element, inputs, note); });
    editor.addEventListener("keydown", (event) => { if (event.key === "Escape") { closeEditor(); element.focus(); } });
    bar.after(editor);
    const first = noteFirst ? note : inputs[0].input;
    first.focus();
    first.select();
  };
  const save = (element, inputs, note) => {
    const changes = [];
    for (const { path, was, input } of inputs) {
      const value = typed(input.value, typeof was);
      if (value === undefined) { input.setCustomValidity(`this must be a ${typeof was}`); input.reportValidity(); input.setCustomValidity(""); return; }
      changes.push({ path, was, value });
    }
    const own = { ...markOf(element), note: note.value.trim() || undefined };
    const corrected = changes.filter(({ was, value }) => value !== was);
    for (const { path } of changes) if (path !== element.dataset.pointer) delete marks[numberOf(element)][path];
    for (const { path, was, value } of corrected)
      if (path === element.dataset.pointer) Object.assign(own, { correction: value, was });
      else marks[numberOf(element)][path] = { correction: value, was };
    if (!corrected.length) { delete own.correction; delete own.was; }
    else own.verdict = "WRONG";
    closeEditor();
    change(element, element.dataset.pointer, own);
    element.focus();
  };

  // Moving.
  const step = (element, way) => {
    const seen = all.filter(visible);
    seen[seen.indexOf(element) + way]?.focus();
  };
  const nextUnmarked = () => {
    const from = current ? all.indexOf(current) : -1;
    const order = [...all.slice(from + 1), ...all.slice(0, from + 1)];
    const next = order.find((element) => !markOf(element).verdict);
    if (!next) { tell("every value is marked"); return; }
    bring(next);
    next.focus({ preventScroll: true });
  };
  const lightFields = (piece, go) => {
    const named = piece.dataset.at.split(" ").sort((a, b) => b.length - a.length);
    const values = named.filter((name) => !name.includes("/findings/"));
    const found = [...new Set((values.length ? values : named).map(fieldOf).filter(Boolean))];
    light([piece, ...found]);
    if (go && found.length) { document.body.classList.remove("show-document"); bring(found[0]); found[0].focus({ preventScroll: true }); }
  };
  const open = (element) => {
    if (element.dataset.pointer) { select(element); if (!narrow.matches) lightPieces(element, true); return; }
    const number = numberOf(element);
    const field = fieldOf(number + element.dataset.go);
    const words = number + element.dataset.at;
    if (field) { bring(field); field.focus({ preventScroll: true }); lightPieces(field, !narrow.matches, words); }
    else if (pieces.has(words)) { light(pieces.get(words)); if (narrow.matches) document.body.classList.add("show-document"); bring(pieces.get(words)[0]); }
    else tell("this concerns the whole document");
  };

  form.addEventListener("mouseover", (event) => {
    const element = event.target.closest("[data-pointer]");
    if (element) lightPieces(element, false);
  });
  form.addEventListener("focusin", (event) => {
    const element = event.target.closest("[data-pointer]");
    if (element) { lightPieces(element, false); select(element); }
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest("#tools, #editor")) return;
    const element = event.target.closest("[data-pointer], [data-go]");
    if (element) open(element);
  });
  page.addEventListener("mouseover", (event) => {
    const piece = event.target.closest(".at");
    if (piece) lightFields(piece, false);
  });
  page.addEventListener("click", (event) => {
    const piece = event.target.closest(".at");
    if (piece) lightFields(piece, true);
  });
  const keys = {
    Enter: open,
    ArrowDown: (element) => step(element, 1),
    ArrowUp: (element) => step(element, -1),
    y: (element) => toggle(element, "RIGHT"),
    n: (element) => toggle(element, "WRONG"),
    c: (element) => edit(element),
    e: (element) => edit(element, true),
  };
  form.addEventListener("keydown", (event) => {
    const element = event.target.closest("[data-pointer]");
    const act = keys[event.key];
    if (!element || event.target !== element || !act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(element);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "u" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    nextUnmarked();
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
  const nextHit = () => {
    const seen = hits.filter((element) => { unfold(element); return visible(element); });
    if (!seen.length) return;
    hit = (hit + 1) % seen.length;
    bring(seen[hit]);
  };
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") nextHit(); });
  const on = (id, act) => document.getElementById(id)?.addEventListener("click", act);
  on("next-match", nextHit);
  on("next", nextUnmarked);
  on("print", () => window.print());
  on("pane", () => document.body.classList.toggle("show-document"));
  on("form", () => { for (const part of page.querySelectorAll(".sheets, .text")) part.hidden = !part.hidden; });
  const review = () => Marks.review(records, (record) => marks[records.findIndex((other) => other.id === record.id && other.sha256 === record.sha256)]);
  on("export", () => { Marks.download(review()); tell("exported"); });
  Marks.theme();

  // A page that the index opened hands its marks on, since browsers may keep the marks of every file apart.
  const tellOpener = (number) => window.opener?.postMessage({ kind: "extract-review", record: records[number], marks: marks[number], total: all.length }, "*");
  window.addEventListener("message", ({ data, source: from }) => {
    if (data?.kind !== "extract-review-kept" || from !== window.opener) return;
    records.forEach((record, number) => {
      const kept = data.marks?.[Marks.keyOf(record)];
      if (kept && !Object.keys(marks[number]).length) { marks[number] = kept; all.forEach(show); count(); Marks.write(record, kept); }
    });
  });
  window.opener?.postMessage({ kind: "extract-review-open", records }, "*");
  all.forEach(show);
  count();
  window.extractReview = review;
})();
