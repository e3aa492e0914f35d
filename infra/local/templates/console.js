// Two small conveniences, none of which a page needs: parts of a page that are live are fetched again every two seconds until they
// are paused, and what was not there before lights up for a moment.
"use strict";

for (const live of document.querySelectorAll("[data-live]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  const place = document.getElementById(live.dataset.controls);
  place.replaceChildren(button);
  let paused = false;

  const told = () => { button.textContent = paused ? "Update by itself again" : "Pause updates"; };
  button.addEventListener("click", () => { paused = !paused; told(); });
  told();

  const keys = () => new Set([...live.querySelectorAll("[data-key]")].map((part) => part.dataset.key));

  async function refresh() {
    if (!paused && !document.hidden && !live.contains(document.activeElement)) {
      const answer = await fetch(live.dataset.live).catch(() => null);
      if (answer && answer.ok && !paused) {
        const known = keys();
        live.innerHTML = await answer.text();
        for (const part of live.querySelectorAll("[data-key]")) {
          if (known.size && !known.has(part.dataset.key)) part.classList.add("fresh");
        }
      }
    }
    setTimeout(refresh, 2000);
  }
  setTimeout(refresh, 2000);
}
