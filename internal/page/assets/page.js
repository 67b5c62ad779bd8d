// Keeps an open page up to date and under the keyboard. Pages are whole without it.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const form = document.querySelector("form.filter");
  const pulse = $("pulse");
  document.documentElement.classList.add("js");

  // Times, in the words of text.go, by the server's clock.
  const skew = Date.now() - Date.parse(document.body.dataset.now);
  const ago = (from) => {
    const minutes = Math.floor((Date.now() - skew - from) / 60000);
    if (minutes < 1) return "just now";
    if (minutes < 60) return minutes + " min ago";
    if (minutes < 48 * 60) return Math.floor(minutes / 60) + " h ago";
    return Math.floor(minutes / 1440) + " days ago";
  };
  const retell = () => {
    for (const t of document.querySelectorAll("time")) {
      const from = Date.parse(t.dateTime), age = Date.now() - skew - from;
      if (age > -60000 && age < 60 * 86400000) t.textContent = ago(from);
    }
  };

  // update asks for a page again and takes over what is new in it. Focus stays
  // on what had it, and what is being read stays where it is on the screen.
  let asking = 0;
  const update = async (url) => {
    const mine = ++asking;
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    if (!response.ok || mine !== asking) return response.ok;
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine !== asking) return true;
    const before = new Map([...document.querySelectorAll(".finding")].map((f) => [f.id, f.dataset.revision]));
    const headline = document.querySelector("h1")?.textContent;
    const focused = document.activeElement?.getAttribute?.("href");
    const anchor = [...document.querySelectorAll(".finding")].find((f) => f.getBoundingClientRect().bottom > 0);
    const top = anchor?.getBoundingClientRect().top;
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = next.getElementById(part.id);
      if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
    }
    for (const tally of document.querySelectorAll(".tally")) tally.className = next.getElementById(tally.id)?.className ?? tally.className;
    document.title = next.title;
    if (next.body.dataset.heard) document.body.dataset.heard = next.body.dataset.heard;
    if (focused && document.activeElement === document.body) document.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    const now = anchor && window.scrollY > 0 && $(anchor.id);
    if (now) window.scrollBy(0, now.getBoundingClientRect().top - top);
    const fresh = [...document.querySelectorAll(".finding")].filter((f) => before.get(f.id) !== f.dataset.revision);
    retell();
    return { headline: document.querySelector("h1")?.textContent, changed: headline !== document.querySelector("h1")?.textContent, fresh };
  };
  const say = (text) => { $("said").textContent = text; };

  // News. The page asks again when the server says so, and once it is looked at.
  const heard = () => document.body.dataset.heard;
  if (heard()) {
    let latest = heard(), busy = false;
    const catchUp = async () => {
      if (busy || document.hidden) return;
      busy = true;
      try {
        while (latest !== heard()) {
          const was = latest, news = await update(location.href);
          if (!news) throw new Error("no answer");
          for (const f of news.fresh ?? []) f.classList.add("new");
          if (news.changed || news.fresh?.length) say(news.headline);
          if (latest === was) latest = heard();
        }
      } catch { setTimeout(catchUp, 5000); } finally { busy = false; }
    };
    const stream = new EventSource("/live");
    stream.addEventListener("changed", (e) => { latest = e.data; catchUp(); });
    stream.addEventListener("open", () => { pulse.textContent = "live"; pulse.className = "pulse live"; });
    stream.addEventListener("error", () => { pulse.textContent = stream.readyState === 2 ? "not live: reload to see changes" : "connection lost, trying again"; pulse.className = "pulse lost"; });
    document.addEventListener("visibilitychange", catchUp);
  }
  setInterval(retell, 30000);
  retell();

  // The filter acts at once; the address follows, so that it can be shared.
  if (form) {
    let waiting = 0;
    const act = async () => {
      const asked = new FormData(form), query = new URLSearchParams();
      for (const [name, value] of asked) if (value && !(name === "show" && value === "open")) query.append(name, value);
      const url = "/" + (query.size ? "?" + query : "");
      history.replaceState(null, "", url);
      try {
        if (await update(url)) say(document.querySelector(".showing")?.textContent || "Nothing matches");
      } catch { location.href = url; }
    };
    form.addEventListener("input", (e) => { clearTimeout(waiting); waiting = setTimeout(act, e.target.type === "search" ? 200 : 0); });
    form.addEventListener("submit", (e) => { e.preventDefault(); clearTimeout(waiting); act(); });
    window.addEventListener("pageshow", (e) => { if (e.persisted) update(location.href); });
  }

  document.addEventListener("click", async (e) => {
    const copy = e.target.closest?.(".copy");
    if (!copy) return;
    const code = copy.parentElement.querySelector("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
      copy.textContent = "Copied";
    } catch { // no secure context: select it for the reader
      getSelection().selectAllChildren(code);
      copy.textContent = "Selected";
    }
    setTimeout(() => { copy.textContent = "Copy"; }, 2000);
  });

  // The keyboard.
  const help = $("help");
  $("keys").addEventListener("click", () => help.showModal());
  const step = (by) => {
    const links = [...document.querySelectorAll(".finding h3 a")];
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    const to = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))];
    to.focus({ preventScroll: true });
    to.closest(".finding").scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || help.open) return;
    if (e.target.matches?.("input:not([type=checkbox]):not([type=radio]), select, textarea")) {
      if (e.key === "Escape") e.target.blur();
      return;
    }
    const act = {
      j: () => step(1),
      k: () => step(-1),
      u: () => $("back")?.click(),
      "/": () => $("q")?.focus(),
      "?": () => help.showModal(),
    }[e.key];
    if (!act) return;
    e.preventDefault();
    act();
  });
})();
