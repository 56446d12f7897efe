// Coding by keyboard: type a few letters, Enter adds a code, Enter on nothing saves and goes on.
// What comes from the study is put in as text, never as markup.
"use strict";

const $ = (id) => document.getElementById(id);
const urls = $("coding").dataset;
const typed = $("typed");
let labels = [];
let version = ""; // of the codebook that the coder sees
let shown = null; // the passage on the page: passage, labels, seen, request
let found = [];
let at = 0;
let isSaving = false;
let isSureOfNone = false;
let showsAll = false; // the arrow down with nothing typed lists every code

const fold = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();

async function ask(url, body) {
  const headers = { Accept: "application/json" };
  const answer = await fetch(url, body ? {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  } : { headers });
  return { status: answer.status, said: await answer.json() };
}

function element(name, text, kind) {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function tell(sentence, kind = "") {
  $("state").textContent = sentence;
  $("state").className = `state ${kind}`;
}

// Every word that was typed must begin a word of the code's name, in any order.
function search(text) {
  const words = fold(text).split(" ").filter(Boolean);
  const fits = (label) => words.every((word) => ` ${label.folded}`.includes(` ${word}`));
  const first = (label) => (label.folded.startsWith(words[0] || "") ? 0 : 1);
  return labels.filter(fits).sort((one, other) => first(one) - first(other));
}

function showFound() {
  found = typed.value ? search(typed.value).slice(0, 8) : showsAll ? labels : [];
  at = Math.min(at, Math.max(found.length - 1, 0));
  const list = $("found");
  list.replaceChildren(...found.map((label, place) => {
    const item = element("li", label.name, place === at ? "at" : "");
    item.id = `found-${place}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(place === at));
    item.addEventListener("mousedown", (event) => { event.preventDefault(); add(label); });
    item.addEventListener("mouseenter", () => showAbout(label));
    return item;
  }));
  typed.setAttribute("aria-expanded", String(found.length > 0));
  if (found.length) typed.setAttribute("aria-activedescendant", `found-${at}`);
  else typed.removeAttribute("aria-activedescendant");
  if (typed.value && !found.length) tell("No code has a name like that.");
  if (found.length && at >= 0) { showAbout(found[at]); list.children[at].scrollIntoView({ block: "nearest" }); }
}

function showAbout(label) {
  const lists = [["Code it when", label.include], ["Not when", label.exclude], ["For example", label.examples]];
  $("about").replaceChildren(
    element("p", label.group, "group"),
    element("h2", label.name),
    element("p", label.meaning, "meaning"),
    element("p", label.definition),
    ...lists.filter(([, rows]) => rows.length).flatMap(([title, rows]) => {
      const list = document.createElement("ul");
      list.append(...rows.map((row) => element("li", row)));
      return [element("h3", title), list];
    }),
  );
}

function showChosen() {
  $("chosen").replaceChildren(...shown.labels.map((name) => {
    const label = labels.find((one) => one.label === name) || { name, label: name };
    const item = element("li", "");
    const button = element("button", label.name);
    button.type = "button";
    button.setAttribute("aria-label", `${label.name}: take it off`);
    button.addEventListener("click", () => { remove(name); typed.focus(); });
    button.addEventListener("focus", () => label.meaning && showAbout(label));
    item.append(button);
    return item;
  }));
  isSureOfNone = false;
  showSuggested();
  keep();
}

// What the model suggests: a number accepts one, and once more takes it back.
function showSuggested() {
  if (!$("suggested")) return;
  $("suggested").replaceChildren(...(shown.suggestions || []).map((one) => {
    const isAccepted = shown.labels.includes(one.label);
    const item = element("li", "", isAccepted ? "accepted" : "");
    const button = element("button", `${one.name} (${one.score.toFixed(2)})`);
    button.type = "button";
    button.setAttribute("aria-pressed", String(isAccepted));
    button.addEventListener("click", () => { toggle(one); typed.focus(); });
    item.append(button, element("span", isAccepted ? "yes" : "no", "verdict"), element("p", one.like, "like"));
    return item;
  }));
}

function toggle(one) {
  const label = labels.find((other) => other.label === one.label);
  if (shown.labels.includes(one.label)) remove(one.label);
  else add(label);
  showAbout(label);
}

function add(label) {
  if (!shown.labels.includes(label.label)) change([...shown.labels, label.label]);
  typed.value = "";
  at = 0;
  showsAll = false;
  showFound();
  showChosen();
  tell("Not saved yet.", "unsaved");
}

function remove(name) {
  change(shown.labels.filter((one) => one !== name));
  showChosen();
  tell("Not saved yet.", "unsaved");
}

// Other codes are another request: if the one before was saved and only its answer was lost, the
// server would take these for the same.
function change(codes) {
  shown.labels = codes;
  shown.request = crypto.randomUUID();
}

// What is half done outlives a reload of the page, until it is saved.
const draft = () => `draft ${shown.passage}`;
function keep() {
  sessionStorage.setItem(draft(), JSON.stringify({ labels: shown.labels, request: shown.request, seen: shown.seen }));
}

function show(said) {
  $("count").textContent = `${said.done.toLocaleString("en-GB")} of ${said.drawn.toLocaleString("en-GB")} ${urls.counts || "passages checked"}`;
  $("bar").max = said.drawn;
  $("bar").value = said.done;
  const isDone = !said.passage;
  for (const id of ["where", "context", "text", "coding"]) $(id).hidden = isDone;
  $("finished").hidden = !isDone;
  $("changed").hidden = isDone || said.is_same;
  if (isDone) { shown = null; $("about").replaceChildren(); return; }
  shown = { passage: said.passage, labels: said.labels, seen: said.seen, request: crypto.randomUUID() };
  Object.assign(shown, { selection: said.selection, suggestions: said.suggestions, suggested: (said.suggestions || []).map((one) => one.label) });
  if ($("why")) $("why").textContent = said.why;
  const kept = JSON.parse(sessionStorage.getItem(draft()) || "null");
  if (kept && kept.seen === shown.seen) Object.assign(shown, kept);
  $("where").textContent = `${said.area} · ${said.transcript}`;
  $("context").textContent = said.context;
  $("text").textContent = said.text;
  document.querySelector("main").scrollTop = 0;
  typed.value = "";
  showFound();
  showChosen();
  typed.focus();
}

async function save() {
  if (!shown || isSaving) return;
  if (!shown.labels.length && !isSureOfNone) {
    isSureOfNone = true;
    tell("No code applies? Press Enter once more to save that.", "unsaved");
    return;
  }
  isSaving = true;
  tell("Saving …", "unsaved");
  try {
    const { status, said } = await ask(urls.save, { ...shown, version });
    if (status === 200) {
      sessionStorage.removeItem(draft());
      show(said);
      tell("Saved.", "saved");
    } else if (status === 409) {
      showConflict(said);
    } else {
      tell(`Not saved: ${said.mistake}`, "mistake");
    }
  } catch {
    tell("Not saved: three-powers does not answer. Your codes stay here; start it again with 'make review', open the address that it prints, and press Enter.", "mistake");
  } finally {
    isSaving = false;
  }
}

function showConflict(said) {
  const names = (chosen) => chosen.map((name) => (labels.find((one) => one.label === name) || { name }).name).join(", ") || "no code";
  tell(`${said.mistake} There: ${names(said.theirs.labels)}. Here: ${names(shown.labels)}. Press Enter to keep what stands here, or reload the page to keep the other.`, "mistake");
  shown.seen = said.theirs.seen;
  shown.request = crypto.randomUUID();
  isSureOfNone = true;
  keep();
}

async function undo() {
  if (isSaving) return;
  isSaving = true;
  try {
    const { status, said } = await ask(urls.undo, { request: crypto.randomUUID() });
    if (status !== 200) { tell(said.mistake, "mistake"); return; }
    show(said);
    tell("Taken back. Nothing is saved for this passage until you save it again.", "unsaved");
  } catch {
    tell("three-powers does not answer. Start it again with 'make review'.", "mistake");
  } finally {
    isSaving = false;
  }
}

typed.addEventListener("input", () => { at = 0; tell(""); showFound(); });
typed.addEventListener("keydown", (event) => {
  if (!shown || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!found.length && !typed.value) { showsAll = true; at = -1; showFound(); at = event.key === "ArrowDown" ? -1 : 0; }
    at = (at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % Math.max(found.length, 1);
    showFound();
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (found.length) add(found[at]);
    else if (!typed.value && !event.repeat) save(); // held down, it must not save the next, too
  } else if (/^[1-6]$/.test(event.key) && !typed.value && (shown.suggestions || [])[event.key - 1]) {
    event.preventDefault();
    toggle(shown.suggestions[event.key - 1]);
  } else if (event.key === "Backspace" && !typed.value && shown.labels.length) {
    remove(shown.labels.at(-1));
  } else if (event.key === "Escape") {
    typed.value = "";
    showsAll = false;
    showFound();
  }
});
document.addEventListener("keydown", (event) => {
  const isUndo = event.key.toLowerCase() === "z" && !event.shiftKey && !event.altKey;
  if ((event.ctrlKey || event.metaKey) && isUndo && !typed.value) {
    event.preventDefault();
    if (!event.repeat) undo();
  }
});
$("save").addEventListener("click", save);
$("undo").addEventListener("click", undo);

(async () => {
  try {
    const book = await ask(urls.codebook);
    const next = book.status === 200 ? await ask(urls.next) : book;
    if (next.status !== 200) { tell(next.said.mistake, "mistake"); return; }
    version = book.said.version;
    labels = book.said.labels.map((label) => ({ ...label, folded: fold(label.name) }));
    show(next.said);
  } catch {
    tell("three-powers does not answer. Start it again with 'make review'.", "mistake");
  }
})();
