// Counterfactual rerun of a past day: another policy, its roster or other openings, compared with the actual day.

import {openings} from "display/replay/rerun-openings.js";
import {api} from "house/api.js";
import {at, list, put, show, stamp} from "house/draw.js";
import {decimal, listed, t, tr} from "house/texts.js";

/** The card for reruns; `refused` is called with errors. */
export function again(hall, refused) {
  const button = document.querySelector("[data-does=again]");
  const counters = openings(hall, refused);
  let day = null;

  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    const asked = day;
    try {
      const wish = {day: asked, policy: at(document, "policy").value || null, ...counters.wish()};
      const told = await api.post(`/halls/${hall}/replay/again`, wish, {retry: 1});
      if (asked === day) draw(told, wish);
    } catch (fault) {
      refused(fault);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });

  return {
    /** Offer a rerun of this day; a day that is not over cannot be rerun. */
    offer(chosen, isOver) {
      if (chosen !== day) {
        show(at(document, "again-told"), false);
        counters.offer(chosen, isOver);
      }
      day = chosen;
      show(at(document, "again"), true);
      show(at(document, "again-open"), !isOver);
      show(button, isOver);
    },
  };
}

function draw({before, after, tiers, exact, calls}, wish) {
  show(at(document, "again-told"), true);
  const is = [t(`replay.policy_${after.policy}`), ...(wish.roster ? [t("replay.with_roster")] : []), ...(wish.changes?.length ? [t("replay.with_dragged")] : [])];
  const policies = {was: t(`replay.policy_${before.policy}`), is: listed(is)};
  put(document, "again-exact", t(exact ? "replay.exact" : "replay.not_exact", {n: calls, ...policies}));
  const hours = (side) => decimal(side.staff_minutes / 60);
  put(document, "again-staff", t("replay.staff_hours", {was: hours(before), is: hours(after)}));
  const rows = [
    {key: "all", name: t("replay.all"), was: before.all, is: after.all},
    ...tiers.map(({key, name}) => ({key, name: tr(name), was: before.by_tier[key], is: after.by_tier[key]})),
  ];
  list(at(document, "again-rows"), rows, (row) => row.key, () => stamp("again-row"), fill);
}

function fill(node, {name, was, is}) {
  put(node, "name", name);
  put(node, "customers", String(was.customers));
  const write = (column, words) => {
    put(node, `${column}-was`, words(was));
    put(node, `${column}-is`, words(is));
  };
  write("wait", ({wait}) => minutes(wait));
  write("longest", ({longest}) => minutes(longest));
  write("within", ({within_goal: share}) => (share === null ? "–" : `${Math.round(share * 100)} %`));
  write("left", ({left}) => String(left));
}

const minutes = (value) => (value === null ? "–" : t("replay.minutes", {n: decimal(value)}));
