const STORAGE_KEY = 'mcpgw:reloaded-at';
const MIN_INTERVAL_MS = 30_000;

/** Reloads the page, unless it did so recently: a file that stays missing must not cause endless reloads. */
export function reloadOnce(): void {
  const lastMs = Number(sessionStorage.getItem(STORAGE_KEY) ?? 0);
  if (Date.now() - lastMs < MIN_INTERVAL_MS) return;
  sessionStorage.setItem(STORAGE_KEY, String(Date.now()));
  window.location.reload();
}
