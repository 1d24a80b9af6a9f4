/** An attachment: marks the ends with more content to scroll to (`data-more`), where layout.css shows that it is cut off. */
export function scrollCue(node: HTMLElement): () => void {
  const mark = (): void => {
    const { scrollLeft, clientWidth, scrollWidth } = node;
    // Positions have fractions on scaled screens.
    const isAtEnd = scrollLeft + clientWidth >= scrollWidth - 2;
    node.dataset['more'] = [scrollLeft > 2 && 'left', !isAtEnd && 'right'].filter(Boolean).join(' ');
  };
  const sizes = new ResizeObserver(mark);
  sizes.observe(node);
  for (const child of node.children) sizes.observe(child);
  node.addEventListener('scroll', mark, { passive: true });
  mark();
  return () => {
    sizes.disconnect();
    node.removeEventListener('scroll', mark);
  };
}
