// Order faults, one after the other; the twin takes the whole list at once.

import { refresh } from "./live.js";

const ADDRESS = "/_twin/faults";

async function pending() {
  const ordered = await (await fetch(ADDRESS)).json();
  return ordered.filter((one) => one.left !== 0).map(({ hits, left, ...fault }) => ({ ...fault, times: left }));
}

async function replace(faults) {
  const answer = await fetch(ADDRESS, { method: "POST", body: JSON.stringify(faults) });
  const complaint = document.querySelector("[data-complaint]");
  complaint.hidden = answer.ok;
  if (!answer.ok) complaint.textContent = (await answer.json()).message;
  await refresh();
}

function described(form) {
  const given = Object.fromEntries(new FormData(form));
  const fault = { route: given.route, times: Number(given.times), delay: Number(given.delay) };
  if (given.effect === "status") fault.status = Number(given.detail);
  else if (given.effect === "code") fault.code = given.detail;
  else if (given.effect) fault[given.effect] = true;
  return fault;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-fault]");
  if (!form) return;
  event.preventDefault();
  await replace([...(await pending()), described(form)]);
});

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-clear]")) await replace([]);
  const example = event.target.closest("[data-example]");
  if (example) await replace([...(await pending()), JSON.parse(example.dataset.example)]);
});
