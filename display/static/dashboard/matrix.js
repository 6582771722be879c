// Matrix of waiting customers: services as rows, tiers as columns.

import {at} from "house/draw.js";
import {t, tr} from "house/texts.js";

const DARKEST = 0.42;

/** Draw the waiting customers of a dashboard snapshot by service and tier. */
export function drawMatrix({services, tiers, matrix}) {
  const waits = (service, tier) => matrix[service.key]?.[tier.key] ?? 0;
  const most = Math.max(1, ...services.flatMap((service) => tiers.map((tier) => waits(service, tier))));
  const head = [t("dashboard.service"), ...tiers.map((tier) => tr(tier.name)), t("dashboard.all"), t("dashboard.longest_short")];
  at(document, "matrix-head").replaceChildren(...head.map((words, place) => cell("th", words, place > 0 && "figure")));
  at(document, "matrix").replaceChildren(...services.map((service) => row(service, tiers, (tier) => waits(service, tier), most)));
  const longest = Math.max(0, ...services.map((service) => service.longest_minutes ?? 0));
  at(document, "matrix-foot").replaceChildren(
    cell("th", t("dashboard.all")),
    ...tiers.map((tier) => cell("td", tier.waiting, "figure")),
    cell("td", services.reduce((sum, service) => sum + service.waiting, 0), "figure"),
    cell("td", longest ? t("common.minutes", {n: Math.round(longest)}) : "–", "figure"),
  );
}

function row(service, tiers, waits, most) {
  const line = document.createElement("tr");
  const name = cell("th", tr(service.name));
  name.scope = "row";
  const cells = tiers.map((tier) => {
    const people = waits(tier);
    const place = cell("td", people || "·", "figure");
    if (people) place.style.setProperty("--share", `${Math.round((people / most) * DARKEST * 100)}%`);
    else place.setAttribute("aria-label", "0");
    return place;
  });
  line.append(
    name,
    ...cells,
    cell("td", service.waiting || "·", "figure whole"),
    last(service),
  );
  return line;
}

function last({waiting, counters_open: open, longest_minutes: longest}) {
  if (waiting && !open) return cell("td", t("dashboard.no_counter"), "figure late");
  return cell("td", waiting ? t("common.minutes", {n: Math.round(longest ?? 0)}) : "–", "figure");
}

function cell(kind, words, name) {
  const place = document.createElement(kind);
  place.textContent = words;
  if (kind === "th") place.scope = "col";
  if (name) place.className = name;
  return place;
}
