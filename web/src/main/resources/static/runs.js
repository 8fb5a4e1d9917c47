// The table of runs: keeps only the rows in sight, fetches the others as one scrolls, remembers which are chosen.
(() => {
  const grid = document.querySelector('#grid');
  if (!grid) return;
  const CHUNK = 100, SPARE = 24, NEAR = 14, KEPT = 3000, MOST = 500000, LIMIT = 100;
  const body = grid.querySelector('tbody');
  const rows = new Map();
  const chosen = new Set();
  const pending = new Map();
  const source = grid.dataset.rows + '&offset=';
  for (const row of body.rows) rows.set(+row.dataset.nth, row);
  const first = rows.size ? Math.min(...rows.keys()) : 0;
  let total = +grid.dataset.total;
  let known = total >= 0;
  if (!known) total = first + rows.size + CHUNK;
  let height = body.rows.length ? body.rows[0].getBoundingClientRect().height : 33;
  let from = -1, to = -1;

  // Columns keep the width that the first rows gave them, so that nothing jumps when others come into sight.
  const table = grid.querySelector('table');
  const widths = [...table.tHead.rows[0].cells].map((cell) => Math.ceil(cell.getBoundingClientRect().width));
  table.style.width = widths.reduce((a, b) => a + b, 0) + 'px';
  table.style.tableLayout = 'fixed';
  [...table.tHead.rows[0].cells].forEach((cell, i) => { cell.style.width = widths[i] + 'px'; });
  const pad = () => {
    const row = document.createElement('tr');
    row.className = 'pad';
    row.setAttribute('aria-hidden', 'true');
    row.append(document.createElement('td'));
    row.firstChild.colSpan = widths.length;
    return row;
  };
  const above = pad(), below = pad();
  const waiting = (nth) => {
    const row = pad();
    row.className = 'waiting';
    row.firstChild.textContent = 'row ' + (nth + 1).toLocaleString() + ' …';
    row.firstChild.style.height = height + 'px';
    return row;
  };

  const at = (nth) => rows.get(nth) || waiting(nth);
  const resize = (row, count) => { row.hidden = count <= 0; row.firstChild.style.height = Math.max(0, count) * height + 'px'; };

  // Adds and takes rows at the ends of what is there; a jump begins anew.
  const draw = () => {
    const shown = Math.ceil(grid.clientHeight / height);
    const end = Math.min(total, MOST);
    const top = Math.max(0, Math.min(Math.floor(grid.scrollTop / height), end - shown));
    if (top >= from + (from > 0 ? NEAR : 0) && top + shown <= to - (to < end ? NEAR : 0) && to <= end) return;
    const first = Math.max(0, top - SPARE), last = Math.min(end, top + shown + SPARE);
    if (first >= to || last <= from) {
      const fresh = [];
      for (let nth = first; nth < last; nth++) fresh.push(at(nth));
      // New rows come before old ones go: what is shorter for a moment scrolls back.
      const old = [...body.children].slice(1, -1);
      resize(above, first);
      resize(below, end - last);
      below.before(...fresh);
      old.forEach((row) => row.remove());
      from = first;
      to = last;
    } else {
      for (; from < first; from++) above.nextElementSibling.remove();
      for (; from > first; from--) above.after(at(from - 1));
      for (; to > last; to--) below.previousElementSibling.remove();
      for (; to < last; to++) below.before(at(to));
    }
    resize(above, from);
    resize(below, end - to);
    fetchMissing();
    if (rows.size > KEPT) for (const nth of rows.keys()) if (nth < from - KEPT / 3 || nth > to + KEPT / 3) rows.delete(nth);
  };

  const fetchMissing = () => {
    const missing = new Set();
    for (let nth = from; nth < to; nth++) if (!rows.has(nth)) missing.add(Math.floor(nth / CHUNK));
    for (const [chunk, control] of pending) if (!missing.has(chunk)) { control.abort(); pending.delete(chunk); }
    for (const chunk of missing) load(chunk);
  };

  const load = (chunk) => {
    if (pending.has(chunk)) return;
    const control = new AbortController();
    pending.set(chunk, control);
    fetch(source + chunk * CHUNK, { signal: control.signal, headers: { Accept: 'text/html' } })
      .then((answer) => { if (!answer.ok) throw new Error(answer.status); return answer.text(); })
      .then((html) => {
        const box = document.createElement('template');
        box.innerHTML = '<table><tbody>' + html + '</tbody></table>';
        const got = [...box.content.querySelectorAll('tr')];
        for (const row of got) {
          const nth = +row.dataset.nth;
          if (rows.has(nth)) continue;
          rows.set(nth, row);
          if (nth >= from && nth < to) body.children[1 + nth - from].replaceWith(row);
          const tick = row.querySelector('input');
          tick.checked = chosen.has(tick.value);
        }
        pending.delete(chunk);
        if (got.length < CHUNK) end(chunk * CHUNK + got.length);
        else if (!known && total < (chunk + 2) * CHUNK) total = (chunk + 2) * CHUNK;
        draw();
        resize(below, Math.min(total, MOST) - to);
      })
      .catch((e) => { if (e.name !== 'AbortError') setTimeout(() => { pending.delete(chunk); fetchMissing(); }, 2000); });
  };

  let asked = false;
  const later = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; draw(); });
  };
  // What is known of the end: rows beyond it are none.
  const end = (count) => { total = count; known = true; };
  document.querySelector('nav.pages')?.remove();
  grid.classList.add('windowed');
  from = first;
  to = first + rows.size;
  body.prepend(above);
  body.append(below);
  resize(above, from);
  resize(below, Math.min(total, MOST) - to);
  if (first > 0) grid.scrollTop = first * height;
  draw();
  grid.addEventListener('scroll', later, { passive: true });
  addEventListener('resize', later);

  const sum = document.querySelector('#total');
  if (sum?.dataset.count) {
    fetch(sum.dataset.count).then((answer) => answer.json()).then((found) => {
      end(found.count);
      sum.textContent = found.text + (found.count === 1 ? ' run matches' : ' runs match');
      draw();
      resize(below, Math.min(total, MOST) - to);
    }).catch(() => {});
  }

  // Rows out of sight are not in the form: what is chosen is kept here and goes into the address.
  const form = document.querySelector('#compare');
  const told = document.querySelector('#chosen');
  const button = form.querySelector('button');
  const tell = () => {
    button.disabled = chosen.size === 0;
    button.textContent = chosen.size ? 'Compare ' + chosen.size + (chosen.size === 1 ? ' run' : ' runs') : 'Compare the chosen';
    told.textContent = chosen.size >= LIMIT ? 'at most ' + LIMIT + ' at once' : '';
  };
  for (const tick of body.querySelectorAll('input:checked')) chosen.add(tick.value);
  tell();
  grid.addEventListener('change', (e) => {
    if (e.target.name !== 'run') return;
    if (e.target.checked && chosen.size < LIMIT) chosen.add(e.target.value); else { chosen.delete(e.target.value); e.target.checked = false; }
    tell();
  });
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    if (chosen.size) location.href = form.action + '?' + [...chosen].map((id) => 'run=' + encodeURIComponent(id)).join('&');
  });
})();
