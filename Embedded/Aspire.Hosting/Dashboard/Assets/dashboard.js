// Keeps what is marked data-live as new as the server has it, and follows a resource's console.
"use strict";
const connection = document.getElementById("connection");
const say = text => { if (connection && connection.textContent !== text) connection.textContent = text; };
async function renew() {
  const parts = [...document.querySelectorAll("[data-live]")];
  if (parts.length > 0 && !document.hidden) {
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
      if (answer.redirected) location.reload();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      parts.forEach(part => replace(part, page.getElementById(part.id)));
      say("");
    } catch {
      say("The AppHost does not answer.");
    }
  }
  setTimeout(renew, 2000);
}
// Leaves alone what somebody is using: what has the focus, is opened or is selected.
function replace(part, next) {
  const selection = getSelection();
  const inUse = (part.contains(document.activeElement) && document.activeElement !== part) || part.querySelector("details[open]")
    || (!selection.isCollapsed && part.contains(selection.anchorNode));
  if (next && !inUse && next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes);
}
function follow(log) {
  const source = new EventSource(log.dataset.stream);
  source.onopen = () => { log.replaceChildren(); say(""); };
  source.onerror = () => say("The AppHost does not answer.");
  source.onmessage = message => {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    for (const [number, text, isError] of JSON.parse(message.data)) {
      const line = log.appendChild(document.createElement("li"));
      [line.value, line.textContent, line.className] = [number, text, isError ? "error" : ""];
    }
    while (log.childElementCount > 5000) log.firstElementChild.remove();
    if (atEnd) log.scrollTop = log.scrollHeight;
  };
}
const log = document.getElementById("console");
if (log) follow(log);
setTimeout(renew, 2000);
