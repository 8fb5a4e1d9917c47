// Keyboard, theme, copying and plot tips; every page reads without it.
(() => {
  const root = document.documentElement;
  const jumps = { p: '/projects', h: '/', e: '/experiments', r: '/runs', m: '/models', d: '/deployments', a: '/alerts', i: '/inbox', t: '/data', l: '/ledger' };
  let waiting = false;
  addEventListener('keydown', (e) => {
    if (e.target.closest('input, textarea, select') || e.ctrlKey || e.metaKey || e.altKey) return;
    if (waiting && jumps[e.key]) location.href = jumps[e.key];
    waiting = e.key === 'g';
    if (e.key === '/') { e.preventDefault(); document.querySelector('#q').focus(); }
    const filter = document.querySelector('#filter [name=filter]');
    if (e.key === 'f' && filter) { e.preventDefault(); filter.focus(); }
    if (e.key === '?') document.querySelector('#keys').showModal();
  });
  addEventListener('click', (e) => {
    if (e.target.closest('#theme')) {
      const dark = getComputedStyle(root).colorScheme === 'dark' || (!root.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
      root.dataset.theme = dark ? 'light' : 'dark';
      localStorage.setItem('mw-theme', root.dataset.theme);
    }
    const copy = e.target.closest('[data-copy]');
    if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => { copy.textContent = 'copied'; });
  });
  // MLflow's clients print addresses such as /#/experiments/0/runs/ID.
  const old = location.hash.match(/^#\/experiments\/(\w+)(?:\/runs\/(\w+))?/) || location.hash.match(/^#\/models\/([^/]+)(?:\/versions\/(\d+))?/);
  if (old) location.replace(location.hash.startsWith('#/models') ? '/models/' + old[1] + (old[2] ? '/versions/' + old[2] : '') : '/experiments/' + old[1] + (old[2] ? '/runs/' + old[2] : ''));
  addEventListener('pointerover', (e) => {
    const time = e.target.closest ? e.target.closest('time[datetime]:not([data-local])') : null;
    if (time) {
      time.dataset.local = '';
      time.title += ' · here ' + new Date(time.dateTime).toLocaleString();
    }
  });
  // What scrolls sideways can be scrolled by keys.
  for (const box of document.querySelectorAll('main .scroll, main .grid, main pre')) if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
  const tip = document.querySelector('#tip');
  addEventListener('pointermove', (e) => {
    const at = e.target.closest ? e.target.closest('[data-tip]') : null;
    tip.style.display = at ? 'block' : 'none';
    if (at) {
      tip.textContent = at.dataset.tip;
      tip.style.left = Math.min(e.clientX + 12, innerWidth - tip.offsetWidth - 8) + 'px';
      tip.style.top = (e.clientY + 16) + 'px';
    }
  });
})();
