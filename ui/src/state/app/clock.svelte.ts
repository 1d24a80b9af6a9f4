/** The current time, updated every five seconds: one timer for all relative times. */
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
