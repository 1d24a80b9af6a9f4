export interface Line {
  name: string;
  /** x > 0 and y ≥ 0, by x. */
  points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 640;
const HEIGHT = 320;
const MARGIN = { left: 60, right: 130, top: 36, bottom: 44 };
const COLOURS = ['#0b6e4f', '#b3541e', '#3b5bdb', '#862e9c'];

const round = (value: number) => Math.round(value * 10) / 10;

/** Powers of ten from the one at or below `least` to the one at or above `most`. */
function listDecades(least: number, most: number): number[] {
  const first = Math.floor(Math.log10(Math.max(least, 0.1)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(most)));
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

/** Lines over a logarithmic x and y as SVG: proportional growth is a straight line of 45°, constant values are level. */
export function renderPlot(title: string, xLabel: string, lines: readonly Line[]): string {
  const points = lines.flatMap((line) => line.points);
  const xs = listDecades(Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x)));
  const ys = listDecades(Math.min(...points.map(([, y]) => y)), Math.max(...points.map(([, y]) => y)));
  const scale = (decades: number[], from: number, to: number) => (value: number) => {
    const [low, high] = [Math.log10(decades[0] ?? 1), Math.log10(decades.at(-1) ?? 10)];
    return round(from + ((Math.log10(Math.max(value, 0.1)) - low) / (high - low)) * (to - from));
  };
  const toX = scale(xs, MARGIN.left, WIDTH - MARGIN.right);
  const toY = scale(ys, HEIGHT - MARGIN.bottom, MARGIN.top);
  const bottom = HEIGHT - MARGIN.bottom;
  const right = WIDTH - MARGIN.right;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${title}</title><rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${MARGIN.left}" y="20" font-weight="bold">${title}</text>`,
    ...ys.map(
      (y) =>
        `<path d="M${MARGIN.left} ${toY(y)}H${right}" stroke="#ddd"/><text x="${MARGIN.left - 8}" y="${toY(y) + 4}" text-anchor="end">${y}</text>`,
    ),
    ...xs.map(
      (x) =>
        `<path d="M${toX(x)} ${MARGIN.top}V${bottom}" stroke="#ddd"/><text x="${toX(x)}" y="${bottom + 18}" text-anchor="middle">${x}</text>`,
    ),
    `<text x="${(MARGIN.left + right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${xLabel}</text>`,
    ...lines.flatMap((line, index) => {
      const colour = COLOURS[index % COLOURS.length] ?? '#000';
      const [lastX = 1, lastY = 1] = line.points.at(-1) ?? [];
      return [
        `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${line.points.map(([x, y]) => `${toX(x)},${toY(y)}`).join(' ')}"/>`,
        ...line.points.map(([x, y]) => `<circle cx="${toX(x)}" cy="${toY(y)}" r="3" fill="${colour}"/>`),
        `<text x="${toX(lastX) + 8}" y="${toY(lastY) + 4}" fill="${colour}">${line.name} ${round(lastY)}</text>`,
      ];
    }),
    '</svg>\n',
  ].join('\n');
}
