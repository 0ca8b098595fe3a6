"use strict";
// Marks of one page or of many: kept by the hash of the document and the record's number, in this browser, and handed from page to page.
const Marks = (() => {
  const FORMAT = "extract-review-2";
  const keyOf = (record) => `extract-review ${record.sha256} ${record.id}`;
  const read = (record) => {
    try { return JSON.parse(localStorage.getItem(keyOf(record))) || {}; } catch { return {}; }
  };
  const write = (record, marks) => {
    try {
      if (Object.keys(marks).length) localStorage.setItem(keyOf(record), JSON.stringify(marks));
      else localStorage.removeItem(keyOf(record));
      return true;
    } catch { return false; }
  };
  const listed = (marks) => Object.entries(marks).map(([path, mark]) => ({ path, ...mark }));
  const review = (records, marksOf) => ({
    format: FORMAT,
    records: records.map(({ id, sha256, file, version }) => ({ id, sha256, file, version, marks: listed(marksOf({ id, sha256 })) })),
  });
  const download = (value) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: "application/json" }));
    link.download = "review.json";
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const theme = () => {
    const root = document.documentElement;
    try { if (localStorage.getItem("extract-theme")) root.dataset.theme = localStorage.getItem("extract-theme"); } catch { /* not kept */ }
    document.getElementById("theme").addEventListener("click", () => {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try { localStorage.setItem("extract-theme", root.dataset.theme); } catch { /* not kept */ }
    });
  };
  return { keyOf, read, write, review, download, theme };
})();
