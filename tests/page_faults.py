"""What is wrong with a page as a browser shows it: for its readers, in layout, in what it runs."""

from urllib.parse import urlsplit


def walk(page):
    """Visit a page of each kind that links and forms of the start page lead to; give each address.

    Pages are of one kind if their addresses differ in the last name or in values alone.
    """
    waiting, seen = [page.home], set()
    while waiting:
        address = waiting.pop(0)
        kind = _kind_of(address)
        if kind in seen or not address.startswith(page.home):
            continue
        seen.add(kind)
        answer = page.goto(address)
        if "html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status == 200, address
        page.wait_for_function(READY)
        waiting += page.evaluate(LEADS)
        yield address


def _kind_of(address):
    parts = urlsplit(address)
    *folders, _ = parts.path.strip("/").split("/")
    names = sorted(each.partition("=")[0] for each in parts.query.split("&"))
    return "/".join(folders) or parts.path, *names


def tab_through(page):
    """Press Tab until all has had its turn; give what was never reached, or not seen to be."""
    stops = page.evaluate(WATCH_FOCUS)
    for _ in range(stops + 2):
        page.keyboard.press("Tab")
    return page.evaluate("window.unreached()")


# Whether a page has put in what it asks for by script.
READY = """() => document.readyState === "complete" &&
  !["count", "doing"].some((id) => document.getElementById(id)?.textContent === "")"""

# Addresses that links and forms that ask lead to.
LEADS = """() => [
  ...[...document.links].map((link) => link.href),
  ...[...document.forms].filter((form) => form.method === "get").map((form) => {
    const place = new URL(form.action);
    place.search = new URLSearchParams(new FormData(form));
    return place.href;
  }),
].map((address) => address.split("#")[0])"""

# What a text of the study could have become, had it not been shown as text.
INJECTED = """() => [...document.querySelectorAll(
  "script:not([src]), img, iframe, object, embed, [onerror], [onload], a[href^='javascript:' i]"
)].map((element) => element.outerHTML)"""

# All that a page says, in fields, too.
SAID = """() => [document.body.textContent, document.title,
  ...[...document.querySelectorAll("input, textarea, option")].map((field) => field.value)
].join("\\n")"""

# For readers who see little or hear the page, and of the layout.
FAULTS = """() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const tell = (fault, elements) => elements.forEach(
    (element) => faults.push(`${fault}: ${element.outerHTML.slice(0, 120)}`));
  const name = (element) => element.getAttribute("aria-label") || element.textContent.trim()
    || (element.getAttribute("aria-labelledby") || "").split(" ")
      .map((id) => document.getElementById(id)?.textContent).join("");
  tell("no label", all("input:not([type=hidden]), select, textarea, progress").filter(
    (field) => !name(field.cloneNode()) && ![...field.labels].some((label) => name(label))));
  tell("no name", all("a, button, summary").filter((element) => !name(element)));
  tell("refers to nothing", all("[aria-controls], [aria-labelledby], [aria-describedby]").filter(
    (element) => ["aria-controls", "aria-labelledby", "aria-describedby"].some((kind) =>
      (element.getAttribute(kind) || "").split(" ").some(
        (id) => id && !document.getElementById(id)))));
  const ids = all("[id]").map((element) => element.id);
  tell("id twice", all("[id]").filter((element, place) => ids.indexOf(element.id) !== place));
  if (all("h1").length !== 1) faults.push(`${all("h1").length} h1`);
  if (!all("main").length || !document.documentElement.lang) faults.push("no main, or no language");

  const read = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const over = ([red, green, blue, alpha = 1], below) =>
    [red, green, blue].map((part, place) => part * alpha + below[place] * (1 - alpha));
  const light = (colour) => colour.map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const up = (element) => (element ? [element, ...up(element.parentElement)] : []);
  const contrast = (element) => {
    const line = up(element).map((one) => getComputedStyle(one));
    const behind = line.map((style) => read(style.backgroundColor)).reverse()
      .reduce((below, colour) => over(colour, below), [255, 255, 255]);
    const opacity = line.reduce((product, style) => product * style.opacity, 1);
    const [red, green, blue, alpha = 1] = read(line[0].color);
    const lights = [over([red, green, blue, alpha * opacity], behind), behind].map(light);
    return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
  };
  tell("faint", all("body *").filter((element) =>
    !element.disabled && element.checkVisibility({ visibilityProperty: true }) &&
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) &&
    contrast(element) < 4.5));

  const wide = document.documentElement;
  if (wide.scrollWidth > wide.clientWidth) {
    faults.push(`${wide.scrollWidth} px wide`);
    tell("too wide", all("main *").filter(
      (element) => element.getBoundingClientRect().right > wide.clientWidth));
  }
  return faults;
}"""

# Notes what gets the focus, and whether one sees that; gives how many stops there must be.
WATCH_FOCUS = """() => {
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, "
    + "[tabindex='0']")].filter((element) => element.type !== "hidden" && !element.disabled
    && element.checkVisibility({ visibilityProperty: true }));
  const reached = new Set();
  const groups = new Set();
  document.addEventListener("focusin", (event) => {
    const style = getComputedStyle(event.target);
    const place = event.target.getBoundingClientRect();
    const isThere = place.bottom > 0 && place.top < innerHeight
      && place.right > 0 && place.left < innerWidth;
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && isThere) {
      reached.add(event.target);
      if (event.target.type === "radio") groups.add(event.target.name);
    }
  });
  document.activeElement.blur();
  window.unreached = () => stops.filter(
    (element) => !reached.has(element) && !(element.type === "radio" && groups.has(element.name))
  ).map((element) => element.outerHTML.slice(0, 120));
  return stops.length;
}"""
