// Curves of several runs in one plot: values at the cursor go into the table below it, a dragged range is fetched anew in
// full detail, and runs that still run are asked again every few seconds.
(() => {
  const place = document.querySelector('#curve-plot');
  const form = document.querySelector('#curve-form');
  if (!place || !form || !window.uPlot) return;
  const AGAIN = 3000;
  const lines = [...document.querySelectorAll('#curve-table tbody tr')];
  const swatches = lines.map((line) => line.querySelector('.swatch'));
  const cells = lines.map((line) => line.querySelector('td.at-cursor'));
  let plot = null, range = null, timer = 0, live = place.dataset.live === 'true', asked = 0, owners = [];

  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const state = () => Object.fromEntries(new FormData(form));
  const short = (value) => value == null ? '' : Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-3)
    ? value.toExponential(2) : (+value.toPrecision(5)).toLocaleString('en', { maximumFractionDigits: 6 });

  const fetchAll = () => {
    const { metric, x, smooth } = state();
    const query = new URLSearchParams({ metric, x, smooth });
    if (range) { query.set('from', range[0]); query.set('to', range[1]); }
    const mine = ++asked;
    clearTimeout(timer);
    fetch(place.dataset.source + '&' + query)
      .then((answer) => { if (!answer.ok) throw new Error(answer.status); return answer.json(); })
      .then((found) => {
        if (mine !== asked) return;
        live = found.live;
        show(found.series);
        again();
      })
      .catch(() => { if (mine === asked) again(); });
  };
  const again = () => {
    clearTimeout(timer);
    if (!live) return;
    timer = setTimeout(() => { if (document.hidden) again(); else fetchAll(); }, AGAIN);
  };

  const show = (series) => {
    const { x, smooth, log } = state();
    const tables = [], drawn = [{}];
    owners = [-1];
    series.forEach((one, i) => {
      const colour = getComputedStyle(swatches[i]).backgroundColor;
      const dash = swatches[i].classList.contains('dashed') ? [6, 4] : [];
      const smoothed = +smooth > 0 && one.smooth[0].length;
      if (smoothed) {
        tables.push(one.plain);
        drawn.push({ stroke: colour.replace('rgb(', 'rgba(').replace(')', ', .22)'), width: 1, spanGaps: true, points: { show: false } });
        owners.push(-1);
      }
      tables.push(smoothed ? one.smooth : one.plain);
      owners.push(i);
      drawn.push({ stroke: colour, width: 1.75, dash, spanGaps: true, points: { show: one.count < 40, size: 5, fill: colour } });
    });
    const data = tables.length ? uPlot.join(tables) : [[]];
    if (log) for (let i = 1; i < data.length; i++) data[i] = data[i].map((value) => value > 0 ? value : null);
    const scroll = [scrollX, scrollY];
    plot?.destroy();
    place.classList.toggle('empty-plot', !data[0].length);
    place.replaceChildren();
    if (!data[0].length) { place.textContent = 'There are no values to draw.'; plot = null; return; }
    const axis = { stroke: style('--muted'), grid: { stroke: style('--line'), width: 1 }, ticks: { stroke: style('--line'), width: 1 }, font: '11px system-ui, sans-serif' };
    plot = new uPlot({
      width: place.clientWidth,
      height: innerWidth < 640 ? 240 : 340,
      legend: { show: false },
      scales: { x: { time: x === 'clock', range: range ? () => range : undefined }, y: { distr: log ? 3 : 1 } },
      cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
      axes: [
        { ...axis, space: x === 'clock' ? 70 : 50, values: (u, ticks) => x === 'clock' ? ticks.map(clock) : ticks.map((t) => t == null ? '' : x === 'time' ? seconds(t) : t.toLocaleString('en')) },
        { ...axis, size: 64, values: (u, ticks) => ticks.map((t) => t == null ? '' : short(t)) },
      ],
      series: drawn,
      hooks: { setCursor: [tell], setSelect: [zoom] },
    }, data, place);
    scrollTo(...scroll);
    place.dataset.points = String(data[0].length);
  };
  // The day stands below the first time of it.
  const clock = (t, i, ticks) => {
    const [day, time] = local(t);
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : 60;
    return (step >= 86400 ? '' : time.slice(0, step < 60 ? 8 : 5)) + (step >= 86400 ? day : i === 0 || local(ticks[i - 1])[0] !== day ? '\n' + day : '');
  };
  const local = (t) => new Date((t - new Date(t * 1000).getTimezoneOffset() * 60) * 1000).toISOString().slice(0, 19).split('T');
  const seconds = (t) => Math.abs(t) < 120 ? +t.toFixed(2) + ' s' : Math.abs(t) < 7200 ? +(t / 60).toFixed(1) + ' min' : +(t / 3600).toFixed(1) + ' h';

  const tell = (u) => {
    const at = u.cursor.idx;
    owners.forEach((owner, s) => {
      if (owner < 0) return;
      let value = null;
      if (at != null) for (let back = at; back >= 0 && value == null; back--) value = u.data[s][back];
      cells[owner].textContent = short(value);
    });
  };
  const zoom = (u) => {
    if (u.select.width < 4) return;
    range = [u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x')];
    fetchAll();
  };
  place.addEventListener('dblclick', () => { range = null; fetchAll(); });
  form.addEventListener('change', (e) => {
    if (e.target.name === 'x' || e.target.name === 'metric') range = null;
    const query = new URLSearchParams(new FormData(form));
    for (const other of document.querySelectorAll('.plot-form')) {
      for (const [name, value] of new FormData(other)) if (['across', 'up', 'axis'].includes(name)) query.append(name, value);
    }
    if (query.get('smooth') === '0') query.delete('smooth');
    history.replaceState(null, '', form.action.split('#')[0] + '?' + query + '#curves');
    if (e.target.name === 'metric') { location.reload(); return; }
    fetchAll();
  });
  form.addEventListener('submit', (e) => e.preventDefault());
  let wide = innerWidth;
  addEventListener('resize', () => { if (plot && innerWidth !== wide) { wide = innerWidth; plot.setSize({ width: place.clientWidth, height: plot.height }); } });
  new MutationObserver(fetchAll).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', fetchAll);
  fetchAll();
})();
