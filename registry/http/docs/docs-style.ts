/** The style sheet of /docs: readable in light and dark, no external fonts or images. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3a3f4a); --soft: light-dark(#f4f6f9, #1d2027); --ink: light-dark(#16181d, #e8eaf0); --quiet: light-dark(#4d5564, #a9b1c0); --link: light-dark(#0b57b0, #8ab8ff); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: light-dark(#fff, #14161b); }
a { color: var(--link); }
h1 { margin: 0 0 .25rem; }
h2 { margin: 3rem 0 .5rem; border-bottom: 1px solid var(--line); }
h3 { margin: 2rem 0 .25rem; font-size: 1.05rem; }
h3 code { font-size: 1rem; overflow-wrap: anywhere; }
code, pre { font: 13.5px/1.5 ui-monospace, monospace; }
pre { padding: .75rem 1rem; overflow-x: auto; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; }
.method { display: inline-block; min-width: 4.2rem; font-weight: 700; }
.role { color: var(--quiet); }
table { width: 100%; border-collapse: collapse; margin: .5rem 0 1rem; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
nav ul { columns: 18rem; padding-left: 1.1rem; }
`;
