// Two regions side by side: their key figures, what lies between, and both reports.
const sides = ["first", "second"].map((side) => ({
  choice: document.getElementById(side),
  link: document.getElementById(`${side}-link`),
  frame: document.getElementById(`${side}-frame`),
}));
const both = document.getElementById("both");

function difference(a, b) {
  // No digit is shown that the coarser of the two figures does not have.
  if (!a || !b || !("value" in a) || !("value" in b)) return "";
  const signed = { signDisplay: "exceptZero" };
  if (a.scale !== b.scale) {
    const step = Math.max(a.step, b.step);
    const digits = Math.max(0, Math.round(-Math.log10(step)));
    return decimal(Math.round((b.value - a.value) / step) * step, digits, signed);
  }
  const number = decimal(b.written - a.written, Math.min(a.decimals, b.decimals), signed);
  return a.scale ? `${number} ${a.scale === "%" ? data.words.points : a.scale}` : number;
}

function rowOf(cells) {
  const row = document.createElement("tr");
  cells.forEach((text, place) => {
    const cell = document.createElement(place ? "td" : "th");
    if (!place) cell.scope = "row";
    cell.textContent = text;
    row.append(cell);
  });
  return row;
}

function linkOf(code) {
  return data.atlas.map((series) => series.places[code]?.link).find(Boolean);
}

function showReports() {
  for (const { choice, frame } of sides) {
    const link = linkOf(choice.value);
    frame.title = names[choice.value];
    if (both.open && link) frame.src = link;
    else frame.removeAttribute("src");
  }
}

function compare() {
  const [first, second] = sides.map(({ choice }) => choice.value);
  for (const { choice, link } of sides) {
    link.textContent = names[choice.value];
    link.href = linkOf(choice.value) ?? "";
    if (!linkOf(choice.value)) link.removeAttribute("href");
  }
  const compared = data.atlas.flatMap((series) =>
    series.figures.flatMap((label) => {
      const [a, b] = [first, second].map((code) => series.places[code]?.figures[label]);
      if (!a && !b) return [];
      const name = data.atlas.length > 1 ? `${label} (${series.label})` : label;
      return [rowOf([name, a?.text ?? "", b?.text ?? "", difference(a, b)])];
    }),
  );
  document.getElementById("compared").replaceChildren(...compared);
  showReports();
}

const regions = [...new Set(data.atlas.flatMap((series) => Object.keys(series.places)))];
regions.sort((a, b) => names[a].localeCompare(names[b], document.documentElement.lang));
sides.forEach(({ choice }, place) => {
  choice.append(...regions.map((code) => new Option(names[code], code)));
  choice.value = regions[Math.min(place, regions.length - 1)];
  choice.addEventListener("change", compare);
});
both.addEventListener("toggle", showReports);
document.getElementById("comparison").hidden = regions.length < 2;
compare();
