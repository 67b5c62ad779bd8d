// Presses keys and says where that leads.
"use strict";
{
  const say = [];
  const at = () => {
    const e = document.activeElement;
    return e.id === "q" ? "the search" : e.closest?.("dialog") ? "help" : e.tagName === "A" ? e.textContent : "the page";
  };
  const press = (key, what = key) => {
    const open = document.getElementById("help").open;
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    say.push(`${what}: ${!open && document.getElementById("help").open ? "help is open" : open ? "the page" : at()}`);
  };
  for (const key of ["j", "j", "k", "k", "/"]) press(key);
  press("j", "j in the search");
  press("Escape");
  press("?");
  press("j", "j with help");
  fetch("/probe", { method: "POST", body: say.join("\n") });
}
