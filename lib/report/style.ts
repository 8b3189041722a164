import { Markup } from './html.ts';

/** Colours of the curves, light and dark: told apart also by most who see colours otherwise. */
const LIGHT = [
  '#c8352b',
  '#e07b1a',
  '#b5179e',
  '#a67c00',
  '#2364aa',
  '#2a9d62',
  '#6d4bc3',
  '#13889b',
  '#7d5a3c',
  '#5b7a1e',
  '#d6518c',
  '#4f6d8f',
  '#9a4a00',
  '#666666',
];
const DARK = [
  '#ff7a6e',
  '#ffb05c',
  '#f07be0',
  '#e5c04a',
  '#6eaef5',
  '#5fd49a',
  '#b39cff',
  '#54cbdc',
  '#cba27c',
  '#a9cf5c',
  '#ff9cc5',
  '#9db8d6',
  '#e0995a',
  '#b5b5b5',
];

const variables = (colours: string[]) => colours.map((colour, index) => `--c${index}:${colour}`).join(';');

const curveRules = LIGHT.map(
  (_, i) =>
    `.c${i}{stroke:var(--c${i})}.b${i}{background:var(--c${i})}.dvh:has(.k${i}:hover) .c:not(.c${i}){opacity:.12}`,
).join('\n');

export const STYLE = new Markup(`
:root{color-scheme:light dark;--bg:#fbfbfa;--panel:#fff;--ink:#1d2327;--soft:#667079;--line:#e3e6e8;--accent:#1f5f99;--good:#23754b;--goodbg:#e4f3ea;--warn:#8a5a00;--warnbg:#fdf1d8;--bad:#a92a24;--badbg:#fbe6e4;--mutebg:#eef0f1;${variables(LIGHT)}}
@media (prefers-color-scheme:dark){:root{--bg:#14181b;--panel:#1b2024;--ink:#e3e7ea;--soft:#95a0a8;--line:#2d353b;--accent:#7db8ee;--good:#7ed3a5;--goodbg:#1b3528;--warn:#eac06c;--warnbg:#3a2f16;--bad:#ff938a;--badbg:#43211f;--mutebg:#283036;${variables(DARK)}}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:4rem}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:.2rem 2rem;align-items:baseline;padding:.7rem max(1.2rem,calc(50% - 590px + 1.2rem));background:var(--bg);border-bottom:1px solid var(--line)}
h1{font-size:1.1rem;margin:0;font-weight:650}
nav{display:flex;flex-wrap:wrap;gap:0 1.2rem;font-size:.88rem}
main{max-width:1180px;margin:0 auto;padding:1.2rem}
section{margin:0 0 2.4rem}
h2{font-size:1.15rem;font-weight:650;margin:0 0 .7rem}
h3{font-size:.95rem;font-weight:650;margin:1.4rem 0 .4rem}
p{margin:.3rem 0 .6rem}
a{color:var(--accent);text-decoration:none}
a:hover{text-decoration:underline}
small,.quiet{color:var(--soft);font-size:.86em;font-weight:400}
code,pre{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{overflow:auto;padding:.8rem;background:var(--mutebg);border-radius:6px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:.8rem}
.tile{display:grid;align-content:start;padding:.8rem 1rem;background:var(--panel);border:1px solid var(--line);border-radius:8px}
.tile b{font-size:1.7rem;font-weight:600;line-height:1.2;font-variant-numeric:tabular-nums}
.tile.good b{color:var(--good)}.tile.warn b{color:var(--warn)}.tile.bad b{color:var(--bad)}
.scroll{overflow:auto;max-width:100%;background:var(--panel);border:1px solid var(--line);border-radius:8px}
.tall{max-height:36rem}
table{border-collapse:collapse;width:100%;font-size:.87rem;font-variant-numeric:tabular-nums}
th,td{padding:.34rem .7rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th{position:sticky;top:0;background:var(--panel);color:var(--soft);font-weight:600;white-space:nowrap;vertical-align:bottom}
tbody tr:last-child td{border-bottom:0}
tbody tr:hover{background:color-mix(in srgb,var(--accent) 6%,transparent)}
.n{text-align:right;white-space:nowrap}
.lead td:not(:last-child){white-space:nowrap}.lead th:last-child{width:99%}
.overview td{white-space:nowrap}
th.stage{padding:.3rem .2rem;text-align:center}th.stage span{writing-mode:vertical-rl;transform:rotate(180deg);font-weight:400}
td.stage{padding:.34rem .2rem;text-align:center}
.dot{display:inline-block;width:.7rem;height:.7rem;border-radius:50%;border:1.5px solid var(--line);vertical-align:-.05rem}
.dot.ok{background:var(--good);border-color:var(--good)}.dot.failed{background:var(--bad);border-color:var(--bad);border-radius:2px}
.dot.skipped{border-color:var(--soft)}
.chip{display:inline-block;padding:0 .5rem;border-radius:9px;font-size:.8rem;line-height:1.35rem;white-space:nowrap;background:var(--mutebg);color:var(--soft)}
.chip.good{background:var(--goodbg);color:var(--good)}.chip.warn{background:var(--warnbg);color:var(--warn)}.chip.bad{background:var(--badbg);color:var(--bad)}
details{margin:.5rem 0}
summary{cursor:pointer;padding:.3rem 0}
article{margin:.6rem 0;padding:.1rem 1rem;background:var(--panel);border:1px solid var(--line);border-radius:8px}
article>details>summary{padding:.5rem 0}
article .scroll{border-radius:6px}article th,article td{padding:.3rem .55rem}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:.5rem 1.4rem;margin:.6rem 0}
dt{color:var(--soft);font-size:.8rem}dd{margin:0;overflow-wrap:anywhere}
ul{margin:.3rem 0 .7rem;padding-left:1.2rem}ul.plain{list-style:none;padding:0}ul.plain li{margin:.25rem 0}
.warnings li{color:var(--warn)}
.finding{margin-left:4.2rem;font-size:.9rem;overflow-wrap:anywhere}
figure{margin:.4rem 0 1rem}
svg{display:block;max-width:100%}
.dvh svg,.timeline{width:100%;height:auto;overflow:visible}
.dvh .grid path{stroke:var(--line);fill:none}
.tick text{fill:var(--soft);font-size:11px;font-variant-numeric:tabular-nums}
.level text{fill:var(--soft);stroke:none;font-size:11px}
.level{stroke:var(--soft);stroke-dasharray:4 4;fill:none}
.c{fill:none;stroke-width:1.8;stroke-linejoin:round}.c:hover{stroke-width:3.2}
.hit{stroke-width:9;stroke:transparent}
figcaption{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin:.3rem 0 0 2.7rem;font-size:.85rem}
figcaption span{cursor:default;white-space:nowrap}
figcaption i{display:inline-block;width:1.1rem;height:3px;margin-right:.4rem;vertical-align:middle;border-radius:2px}
.timeline .base{stroke:var(--line)}.timeline .c{stroke-width:3}
.strip{overflow:visible}.strip path{stroke:var(--line);fill:none}.strip circle{fill:var(--accent);fill-opacity:.35}.strip .median{stroke:var(--ink);stroke-width:1.5}
.range{white-space:nowrap}
.bar{display:flex;width:200px;height:.8rem;margin-top:.25rem;overflow:hidden;border-radius:4px;background:var(--mutebg)}
.bar .robust{background:var(--good)}.bar .acceptable{background:var(--c3)}.bar .poor{background:var(--bad)}.bar .not_evaluable{background:var(--soft);opacity:.4}
${curveRules}
@media print{header{position:static}.scroll,.tall{overflow:visible;max-height:none}article{break-inside:avoid}}
`);
