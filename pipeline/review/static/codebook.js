// s and n decide on the passage that has the focus; the arrows go to the next and previous.
"use strict";

const all = [...document.querySelectorAll(".again")];
if (document.getElementById("state").classList.contains("saved") && all.length) all[0].focus();

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = document.activeElement.closest(".again");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const at = all.indexOf(here) + (event.key === "ArrowDown" ? 1 : -1);
    if (all.length) all[Math.min(Math.max(at, 0), all.length - 1)].focus();
  } else if (here && (event.key === "s" || event.key === "n")) {
    here.querySelector(event.key === "s" ? ".still" : ".not").click();
  }
});
