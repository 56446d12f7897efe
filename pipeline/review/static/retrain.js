// Shows how far the job is, and the whole page anew once it is done.
"use strict";

const work = document.getElementById("work");

async function follow() {
  let state;
  try {
    state = await (await fetch(work.dataset.state)).json();
  } catch {
    document.getElementById("doing").textContent = "The page was ended. Start it again: make review.";
    return;
  }
  if (!state.is_running) {
    window.location.reload();
    return;
  }
  const bar = document.getElementById("bar");
  if (state.count) {
    bar.max = state.count;
    bar.value = state.done;
  }
  const said = document.getElementById("said");
  state.said.slice(said.children.length).forEach((sentence) => {
    const line = document.createElement("li");
    line.textContent = sentence;
    said.append(line);
  });
  window.setTimeout(follow, 500);
}

if (work) follow();
