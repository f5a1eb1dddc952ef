// The map: every square coloured by the key figure chosen, and led to its report.
const chosen = document.getElementById("figure");
const tiles = [...document.querySelectorAll(".tile")];
const names = Object.fromEntries(tiles.map((tile) => [tile.dataset.code, tile.ariaLabel.split(":")[0]]));
const LIGHT = [237, 243, 250], DEEP = [8, 69, 148], OPPOSITE = [166, 77, 4];

function mixed(share) {
  // A share of -1 to 1; below zero stands the colour opposite.
  const end = share < 0 ? OPPOSITE : DEEP;
  return LIGHT.map((low, part) => Math.round(low + Math.abs(share) * (end[part] - low)));
}

function luminance(colour) {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function paint(tile, share) {
  const colour = mixed(share);
  tile.style.background = `rgb(${colour})`;
  // On any colour one of black and white has a contrast of 4.58 or more.
  tile.style.color = luminance(colour) > 0.179 ? "#000" : "#fff";
}

function lead(tile, place, text) {
  const label = `${names[tile.dataset.code]}: ${text}`;
  tile.ariaLabel = tile.title = label;
  tile.classList.toggle("stopped", Boolean(place?.failed));
  tile.style.background = tile.style.color = tile.dataset.value = "";
  if (place?.link) {
    tile.href = place.link;
    tile.removeAttribute("role");
  } else {
    tile.removeAttribute("href");
    tile.setAttribute("role", "img");
  }
}

function extent(places, label) {
  const known = Object.values(places)
    .map((place) => place.figures[label])
    .filter((figure) => figure && "value" in figure)
    .sort((a, b) => a.value - b.value);
  return known.length ? [known[0], known[known.length - 1]] : [];
}

function shareWithin(value, low, high) {
  if (low < 0 && high > 0) return value / Math.max(-low, high);
  return high > low ? (value - low) / (high - low) : 0.5;
}

function decimal(number, digits, options = {}) {
  const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits, ...options };
  return new Intl.NumberFormat(document.documentElement.lang, fixed).format(number).replace("-", "\u2212");
}

function drawLegend(low, high) {
  const legend = document.getElementById("legend");
  legend.hidden = !low;
  if (!low) return;
  document.getElementById("low").textContent = low.text;
  document.getElementById("high").textContent = high.text;
  const steps = Array.from({ length: 9 }, (_, step) => low.value + (step / 8) * (high.value - low.value));
  const colours = steps.map((value) => `rgb(${mixed(shareWithin(value, low.value, high.value))})`);
  document.getElementById("bar").style.background = `linear-gradient(to right, ${colours})`;
}

function colourMap() {
  const [number, place] = chosen.value.split("/");
  const series = data.atlas[number];
  const label = series.figures[place];
  const [low, high] = extent(series.places, label);
  for (const tile of tiles) {
    const here = series.places[tile.dataset.code];
    const figure = here?.figures[label];
    const missing = here?.failed ? data.words.failed : here ? data.words.noValue : data.words.noReport;
    lead(tile, here, figure ? `${label} ${figure.text}` : missing);
    if (!figure || !("value" in figure)) continue;
    paint(tile, shareWithin(figure.value, low.value, high.value));
    tile.dataset.value = `${decimal(figure.written, figure.decimals)}${figure.scale === "%" ? "%" : ""}`;
  }
  drawLegend(low, high);
}

chosen.addEventListener("change", colourMap);
colourMap();
