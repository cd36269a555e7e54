// Measures mails in frames of given widths and writes what is wrong into the page. Run by the test beside it.
const luminance = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const rgb = (text) => (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
const contrast = (a, b) => {
  const [x, y] = [luminance(a), luminance(b)].sort((m, n) => n - m);
  return (x + 0.05) / (y + 0.05);
};
const background = (view, element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = rgb(view.getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const look = (frame, faults) => {
  const [view, page, width] = [frame.contentWindow, frame.contentDocument, Number(frame.dataset.width)];
  const fault = (what, detail) => faults.push(`${frame.dataset.key} at ${width}: ${what} ${detail}`);
  const root = page.documentElement;
  if (root.clientWidth !== width) fault('the frame is', root.clientWidth);
  if (root.scrollWidth > width) {
    const wide = [...page.body.querySelectorAll('*')].find((e) => e.getBoundingClientRect().right > width + 0.5);
    fault('scrolls to', `${root.scrollWidth}: ${wide ? wide.textContent.trim().slice(0, 60) : ''}`);
  }
  let texts = 0;
  const walk = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    const text = walk.currentNode.textContent.trim();
    if (!text || !element.offsetParent || /^(STYLE|SCRIPT)$/.test(element.tagName)) continue;
    const style = view.getComputedStyle(element);
    texts += 1;
    if (parseFloat(style.fontSize) < 12) fault('text of', `${style.fontSize}: ${text.slice(0, 40)}`);
    const ratio = contrast(rgb(style.color), background(view, element));
    if (ratio < 4.5) fault('contrast of', `${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
  }
  for (const image of page.images) {
    if (!(image.getAttribute('alt') || '').trim()) fault('no alt on', image.src.slice(0, 40));
    if (/^https?:/.test(image.src)) fault('remote picture', image.src);
  }
  for (const element of page.querySelectorAll('link,script,iframe,object,embed,video,audio,form')) fault('holds', element.tagName);
  return texts;
};
const run = async () => {
  const faults = [];
  let texts = 0;
  for (const frame of document.querySelectorAll('iframe')) {
    texts += look(frame, faults);
    if (window.AXE && frame.dataset.axe) {
      frame.contentWindow.eval(window.AXE);
      const found = await frame.contentWindow.axe.run();
      for (const v of found.violations) faults.push(`${frame.dataset.key}: axe ${v.id}: ${v.nodes[0].html.slice(0, 120)}`);
      if (!found.passes.length) faults.push(`${frame.dataset.key}: axe looked at nothing`);
    }
  }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  document.body.textContent = `RESULT${JSON.stringify({ dark, texts, faults, axe: Boolean(window.AXE) })}END`;
};
window.addEventListener('load', () => run().catch((e) => { document.body.textContent = `RESULT${JSON.stringify({ faults: [String(e)] })}END`; }));
