// Says what text is hard to read (WCAG 2.2, 1.4.3: contrast of 4.5) and what
// stands over the edge of the window.
"use strict";
{
  const say = [];
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (e) => {
    const layers = [];
    for (; e; e = e.parentElement) layers.push(rgba(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement, box = e.getBoundingClientRect();
    if (!texts.currentNode.data.trim() || !e.checkVisibility() || box.width < 2 || e.closest("script, style, .skip, option")) continue;
    const under = ground(e), [a, b] = [light(over(rgba(getComputedStyle(e).color), under)), light(under)].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) say.push(`${((a + 0.05) / (b + 0.05)).toFixed(2)}: ${e.className || e.tagName} "${texts.currentNode.data.trim().slice(0, 40)}"`);
    if (box.right > innerWidth + 1 || box.left < -1) say.push(`over the edge: ${e.className || e.tagName} "${texts.currentNode.data.trim().slice(0, 40)}"`);
  }
  if (document.documentElement.scrollWidth > innerWidth) say.push(`the page is ${document.documentElement.scrollWidth} wide`);
  const boxes = [...document.querySelectorAll(".filter label, .filter select, .top > *")].filter((e) => e.checkVisibility()).map((e) => [e, e.getBoundingClientRect()]);
  for (const [e, a] of boxes) for (const [f, b] of boxes) {
    if (e !== f && !e.contains(f) && !f.contains(e) && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) say.push(`${e.className || e.tagName} covers ${f.className || f.tagName}`);
  }
  fetch("/probe", { method: "POST", body: [`width ${innerWidth}`, matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light", ...(say.length ? say : ["legible"])].join("\n") });
}
