// Applies the theme before the first paint, so that the other theme never flashes. A separate file, because the CSP forbids inline scripts.
(function () {
  try {
    var preferences = JSON.parse(localStorage.getItem('mcpgw:appearance') || '{}');
    if (preferences.theme === 'light' || preferences.theme === 'dark')
      document.documentElement.dataset.theme = preferences.theme;
    if (preferences.density === 'compact') document.documentElement.dataset.density = 'compact';
    if (preferences.sidebar === 'narrow') document.documentElement.dataset.sidebar = 'narrow';
  } catch {
    // Storage is unavailable or invalid: use the system theme.
  }
})();
