/** Calls `run` each time the element scrolls into (or near) the viewport. For `{@attach whenVisible(…)}`; the element needs a size. */
export function whenVisible(run: () => void): (element: Element) => () => void {
  return (element) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) run();
      },
      { rootMargin: '300px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
