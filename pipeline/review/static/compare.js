// y and n decide on the difference that has the focus; the arrows go to the next and previous.
"use strict";

const all = [...document.querySelectorAll(".difference")];
const asked = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
// The browser goes to the one that was decided, when all is loaded; only then has the next its turn.
const goOn = () => (all[all.indexOf(asked) + 1] || asked).focus();
if (asked) window.addEventListener("load", () => window.setTimeout(goOn));

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = document.activeElement.closest(".difference");
  const at = all.indexOf(here);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    if (all.length) all[Math.min(Math.max(at + step, 0), all.length - 1)].focus();
  } else if (here && !event.repeat && (event.key === "y" || event.key === "n")) {
    const button = here.querySelector(`button[value="${event.key === "y" ? "yes" : "no"}"]`);
    if (button) button.click();
  }
});
