// Works the filter and says what is left.
"use strict";
(async () => {
  const say = [], q = document.getElementById("q");
  const rows = () => `${document.querySelectorAll(".finding").length} rows at ${location.pathname}${location.search}`;
  const settle = () => new Promise((done) => setTimeout(done, 700));
  say.push(rows());
  document.querySelector("input[value=medium]").click();
  await settle();
  say.push(rows());
  q.focus();
  q.value = "mallory";
  q.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
  say.push(rows());
  document.querySelector("input[value=medium]").click();
  await settle();
  say.push(rows(), `the focus ${document.activeElement === q ? "stays in the search" : "is lost"}`);
  fetch("/probe", { method: "POST", body: say.join("\n") });
})();
