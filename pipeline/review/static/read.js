// n and p go to the next and the previous passage that matches the filter.
"use strict";

const matches = [...document.querySelectorAll(".row.match")];

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !matches.length) return;
  if (event.key !== "n" && event.key !== "p") return;
  const at = matches.indexOf(document.activeElement);
  const step = event.key === "n" ? 1 : -1;
  const start = at < 0 && step < 0 ? 0 : at;
  matches[(start + step + matches.length) % matches.length].focus();
});
