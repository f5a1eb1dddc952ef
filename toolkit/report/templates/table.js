// The tables of reports: searched and sorted.
const search = document.getElementById("search");
const found = document.getElementById("found");
const rows = [...document.querySelectorAll(".reports tbody tr")];

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

search.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of rows) {
    row.hidden = !words.every((word) => row.dataset.text.includes(word));
  }
  for (const group of document.querySelectorAll(".group")) {
    group.hidden = !group.querySelector("tbody tr:not([hidden])");
  }
  const count = rows.filter((row) => !row.hidden).length;
  found.textContent = words.length ? fill(data.words.found, { count, all: rows.length }) : "";
});

function order(a, b) {
  const difference = Number(a) - Number(b);
  return Number.isNaN(difference) ? a.localeCompare(b, undefined, { numeric: true }) : difference;
}

for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const heading = button.closest("th");
    const body = heading.closest("table").tBodies[0];
    const upward = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of heading.parentNode.children) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", upward ? "ascending" : "descending");
    const value = (row) => row.cells[heading.cellIndex].dataset.sort;
    // An empty cell comes last in both directions.
    const byValue = (a, b) => {
      const empty = (value(a) === "") - (value(b) === "");
      return empty || (upward ? order(value(a), value(b)) : order(value(b), value(a)));
    };
    body.append(...[...body.rows].sort(byValue));
  });
}
