// What people who cannot see well, or use keys only, would stumble over in the page; each as a sentence.
() => {
  const faults = new Set();
  const parse = (color) => {
    const parts = (color.match(/rgba?\(([^)]+)\)/)?.[1] ?? '0 0 0 0').split(/[ ,/]+/).map(Number);
    return [parts[0], parts[1], parts[2], parts[3] ?? 1];
  };
  const over = (a, b) => [0, 1, 2].map((i) => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const light = (color) => {
    const [r, g, b] = color.slice(0, 3).map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    const element = texts.currentNode.parentElement;
    if (!text || element.closest('script, option, title, dialog, .vh, .skip, #tip, :disabled')) continue;
    if (!element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    const drawn = element.closest('svg');
    const ground = behind(drawn ?? element);
    const [a, b] = [light(over(parse(drawn ? style.fill : style.color), ground)), light(ground)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) faults.add(`contrast ${ratio.toFixed(2)} of “${text.slice(0, 30)}”`);
  }
  let above = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    if (heading.closest('dialog')) continue;
    const level = Number(heading.tagName[1]);
    if (level > above + 1) faults.add(`heading “${heading.textContent}” of level ${level} below level ${above}`);
    above = level;
  }
  for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    if (!field.labels.length && !field.getAttribute('aria-label')) faults.add(`no label of ${field.name}`);
  }
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  ids.filter((id, i) => ids.indexOf(id) !== i).forEach((id) => faults.add(`two elements are called ${id}`));
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    const id = decodeURIComponent(link.getAttribute('href').slice(1));
    if (id && !ids.includes(id)) faults.add(`a link to #${id}, which is not there`);
  }
  for (const control of document.querySelectorAll('a[href], button')) {
    if (!control.textContent.trim() && !control.getAttribute('aria-label')) faults.add(`nothing to read on ${control.outerHTML}`);
  }
  for (const table of document.querySelectorAll('main table')) if (!table.querySelector('th')) faults.add(`no heading of the table “${table.textContent.trim().slice(0, 30)}”`);
  for (const plot of document.querySelectorAll('main svg[role=img]')) if (!plot.querySelector('title') && !plot.getAttribute('aria-label')) faults.add('a plot without a title');
  if (!/^.+ · Millwright$/.test(document.title)) faults.add(`the title is “${document.title}”`);
  return [...faults];
}
