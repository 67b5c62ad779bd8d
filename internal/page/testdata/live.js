// Lets something drift while the page is open, and says what became of the page.
"use strict";
(async () => {
  const say = [];
  const now = () => `${document.querySelector("h1").textContent}, ${document.querySelectorAll(".finding").length} rows, ${document.getElementById("count-critical").textContent} critical`;
  const until = async (isSo) => { for (let i = 0; i < 60 && !isSo(); i++) await new Promise((done) => setTimeout(done, 100)); };
  document.querySelector('a[href="/findings/f2"]').focus();
  say.push("before: " + now());
  await until(() => document.getElementById("pulse").textContent === "live");
  await fetch("/drift-now");
  await until(() => document.querySelector(".finding.new"));
  say.push("after: " + now(), "new: " + [...document.querySelectorAll(".finding.new")].map((f) => f.id), "title: " + document.title);
  say.push("said: " + document.getElementById("said").textContent, "focus: " + document.activeElement.getAttribute("href"), "pulse: " + document.getElementById("pulse").textContent);
  fetch("/probe", { method: "POST", body: say.join("\n") });
})();
