// Step through the frames of a video, the images of a group, slices and pages; show the words of texts.

import { lookAt, address } from "./live.js";

const region = document.querySelector("[data-live]");

function at(url, frame) {
  const changed = new URL(url, location.href);
  changed.searchParams.set("frame", frame);
  return changed.pathname + changed.search;
}

function go(form, frame) {
  const slider = form.querySelector("[data-frame]");
  slider.value = frame; // the browser keeps it within its limits
  form.querySelector("[data-shown]").textContent = slider.value;
  history.replaceState(null, "", at(location.href, slider.value));
  lookAt(at(address(), slider.value));
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-scrubber]");
  if (form) go(form, event.target.value);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (button) go(button.form, Number(button.form.querySelector("[data-frame]").value) + Number(button.dataset.step));
});

document.addEventListener("submit", (event) => {
  if (event.target.closest("[data-scrubber]")) event.preventDefault();
});

async function fillTexts() {
  for (const one of document.querySelectorAll("[data-text]:empty")) {
    const answer = await fetch(one.dataset.text);
    one.textContent = await answer.text();
  }
}

region.addEventListener("shown", fillTexts);
fillTexts();
