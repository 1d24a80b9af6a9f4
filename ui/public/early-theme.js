// Runs before the first paint, so that a chosen theme never flashes. Kept apart from the bundle because a strict CSP allows no inline script.
(function () {
  try {
    var kept = JSON.parse(localStorage.getItem('mcpgw:look') || '{}');
    if (kept.theme === 'light' || kept.theme === 'dark') document.documentElement.dataset.theme = kept.theme;
    if (kept.density === 'compact') document.documentElement.dataset.density = 'compact';
    if (kept.sidebar === 'narrow') document.documentElement.dataset.sidebar = 'narrow';
  } catch {
    // Storage is closed or broken: the system's theme it is.
  }
})();
