/** Now, to the five seconds, so that "12 s ago" stays true without a timer in every row. */
class Clock {
  nowMs = $state(Date.now());

  constructor() {
    setInterval(() => {
      if (!document.hidden) this.nowMs = Date.now();
    }, 5_000);
    document.addEventListener('visibilitychange', () => (this.nowMs = Date.now()));
  }
}

export const clock = new Clock();
