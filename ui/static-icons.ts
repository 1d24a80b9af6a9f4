import type { Plugin } from 'vite';

type Shape = readonly [tag: string, attributes: Readonly<Record<string, string>>];

/** Markup of an icon that the compiler can clone as a whole; only its size is a property. */
function writeIcon(shapes: readonly Shape[]): string {
  const markup = shapes.map(([tag, attributes]) => {
    const attributeTexts = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
    return `<${tag}${attributeTexts.join('')} />`;
  });
  return `<script>const { size = 24 } = $props();</script>
<svg xmlns="http://www.w3.org/2000/svg" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${markup.join('')}</svg>
`;
}

/**
 * The icons of @lucide/svelte as static markup. In the package, a generic component creates their elements one by one from data, which was
 * a third of the time to render a row of the server list.
 */
export const staticIcons: Plugin = {
  name: 'mcpgw-static-icons',
  enforce: 'pre',
  transform: {
    filter: { id: /\/@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/ },
    handler(code, id) {
      const found = /const iconData = (\{.*\});/.exec(code);
      if (found === null) throw new Error(`${id} has an unexpected format`);
      const { node } = JSON.parse(found[1] ?? '') as { node: Shape[] };
      return { code: writeIcon(node), map: null };
    },
  },
};
