// A day run again under another policy, beside the day as it was.

import {api} from "house/api.js";
import {at, list, put, show, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";

/** The card that runs a day again; `refused` hears of faults. */
export function again(hall, refused) {
  const button = document.querySelector("[data-does=again]");
  let day = null;

  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    const asked = day;
    try {
      const told = await api.post(`/halls/${hall}/replay/again`, {day: asked, policy: at(document, "policy").value}, {retry: 1});
      if (asked === day) draw(told);
    } catch (fault) {
      refused(fault);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });

  return {
    /** Offer this day; one that is not over cannot be run again. */
    offer(chosen, isOver) {
      if (chosen !== day) show(at(document, "again-told"), false);
      day = chosen;
      show(at(document, "again"), true);
      show(at(document, "again-open"), !isOver);
      show(button, isOver);
    },
  };
}

function draw({before, after, tiers, exact, calls}) {
  show(at(document, "again-told"), true);
  const policies = {was: t(`replay.policy_${before.policy}`), is: t(`replay.policy_${after.policy}`)};
  put(document, "again-exact", t(exact ? "replay.exact" : "replay.not_exact", {n: calls, ...policies}));
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

const minutes = (value) => (value === null ? "–" : t("replay.minutes", {n: value.toFixed(1)}));
