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
  (_, i) => `.c${i}{stroke:var(--c${i})}.d${i}{border-color:var(--c${(3 * i + 4) % 14})}`,
).join('');

export const STYLE = new Markup(`
:root{color-scheme:light dark;--bg:#fbfbfa;--panel:#fff;--ink:#1d2327;--soft:#566069;--line:#e3e6e8;--edge:#7d868d;--accent:#1f5f99;--good:#23754b;--goodbg:#e4f3ea;--warn:#8a5a00;--warnbg:#fdf1d8;--bad:#a92a24;--badbg:#fbe6e4;--mutebg:#eef0f1;${variables(LIGHT)}}
@media (prefers-color-scheme:dark){:root{--bg:#14181b;--panel:#1b2024;--ink:#e3e7ea;--soft:#a3adb5;--line:#2d353b;--edge:#6b757d;--accent:#7db8ee;--good:#7ed3a5;--goodbg:#1b3528;--warn:#eac06c;--warnbg:#3a2f16;--bad:#ff938a;--badbg:#43211f;--mutebg:#283036;${variables(DARK)}}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:.5rem;z-index:3;background:var(--panel);padding:.3rem .6rem}
header{display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;align-items:baseline;padding:.8rem max(1.2rem,calc(50% - 800px + 1.2rem));border-bottom:1px solid var(--line)}
header p{margin:0}
h1{font-size:1.25rem;margin:0;font-weight:650}h1 .chip{vertical-align:.1rem}
nav{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;font-size:.88rem;flex-basis:100%}
main{max-width:1600px;margin:0 auto;padding:1.2rem}
section{margin:0 0 2.2rem}
h2{font-size:1.15rem;font-weight:650;margin:0 0 .6rem}
h3{font-size:.95rem;font-weight:650;margin:1.2rem 0 .4rem}
p{margin:.3rem 0 .6rem}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
small,.quiet,.place{color:var(--soft);font-size:.87em;font-weight:400}
code,pre{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{overflow:auto;padding:.8rem;background:var(--mutebg);border-radius:6px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(132px,1fr));gap:.8rem}
.tile{display:grid;align-content:start;padding:.7rem 1rem;background:var(--panel);border:1px solid var(--line);border-radius:8px}
.tile b{font-size:1.7rem;font-weight:600;line-height:1.2;font-variant-numeric:tabular-nums}
.tile.good b{color:var(--good)}.tile.warn b{color:var(--warn)}.tile.bad b{color:var(--bad)}
.scroll{overflow:auto;max-width:100%;background:var(--panel);border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:.84rem;font-variant-numeric:tabular-nums}
th,td{padding:.28rem .4rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th,thead td{background:var(--panel);color:var(--soft);font-weight:600;vertical-align:bottom}
tbody tr:last-child td{border-bottom:0}
tbody tr:hover{background:color-mix(in srgb,var(--accent) 6%,transparent)}
.n{text-align:right;white-space:nowrap}
.sort{all:unset;cursor:pointer;font-weight:600;color:inherit}.sort:focus-visible{outline:2px solid var(--accent)}
th[aria-sort] .sort::after{content:" ▲";font-size:.7em}th[aria-sort=descending] .sort::after{content:" ▼"}
button,select,input[type=search],input[type=date]{font:inherit;font-size:.86rem;color:var(--ink);background:var(--panel);border:1px solid var(--edge);border-radius:5px;padding:.15rem .55rem}
button{cursor:pointer}button:hover{border-color:var(--accent)}button:disabled{color:var(--soft);cursor:default}
.controls{display:flex;flex-wrap:wrap;gap:.4rem .9rem;align-items:center;margin:.3rem 0 .6rem;font-size:.88rem}
.spacer{flex:1}.copy{margin:0 0 .25rem}
.chip{display:inline-block;padding:0 .5rem;border-radius:9px;font-size:.8rem;line-height:1.35rem;white-space:nowrap;background:var(--mutebg);color:var(--soft)}
.chip.good{background:var(--goodbg);color:var(--good)}.chip.warn{background:var(--warnbg);color:var(--warn)}.chip.bad{background:var(--badbg);color:var(--bad)}
details{margin:.3rem 0}
summary{cursor:pointer;padding:.25rem 0}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:.45rem 1.4rem;margin:.2rem 0}
dt{color:var(--soft);font-size:.8rem}dd{margin:0;overflow-wrap:anywhere}
ul{margin:.3rem 0 .7rem;padding-left:1.2rem}ul.plain{list-style:none;padding:0}ul.plain>li{margin:.3rem 0}
.checks{columns:2 34rem;column-gap:2rem}.checks>li{break-inside:avoid}.attention{columns:2 26rem;column-gap:2rem}.attention>li{break-inside:avoid}
.warnings li{color:var(--warn)}
.finding{margin-left:1.6rem;font-size:.9rem;overflow-wrap:anywhere}
figure{margin:0}
svg{display:block;max-width:100%}
.calendar{width:auto}.calendar caption{text-align:left;padding:.3rem .5rem}.calendar th[scope=row]{font-weight:400;color:var(--soft);white-space:nowrap}.calendar td small{color:var(--soft)}
.day{padding:0 .2rem;border-bottom:3px solid;font-weight:600}
.c{fill:none;stroke-linejoin:round}
.dvh{display:grid;grid-template-columns:minmax(0,1fr) minmax(280px,400px);gap:1.2rem;align-items:start}
.chart{background:var(--panel);border:1px solid var(--line);border-radius:8px}
.chart svg{width:100%;height:auto}.cursor{stroke:var(--ink);stroke-width:1;stroke-dasharray:2 2;fill:none}
.readout{min-height:1.6em;color:var(--soft);font-size:.88rem}
.legend .scroll{max-height:400px}.legend label{display:flex;gap:.4rem;align-items:center;overflow-wrap:anywhere}.legend td:last-child{width:1%}.legend td .n{width:5rem}
.legend button{padding:0 .4rem;font-size:.8rem}
.swatch{flex:none;width:1.2rem;height:0;border-top:3px solid var(--swatch)}.swatch.dashed{border-top-style:dashed}
.pictures{margin-bottom:1rem}.defs{position:absolute}
.planes{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr));gap:1rem}
.planes figure{position:relative}.planes svg,.large svg{width:100%;height:340px;background:#000;border-radius:6px;overflow:hidden}
figcaption{font-size:.84rem;color:var(--soft);margin-top:.25rem}figcaption::first-letter{text-transform:uppercase}
.enlarge{position:absolute;top:.4rem;right:.4rem;background:#000a;color:#fff;border-color:#fff8}
.wash{opacity:.38}.isodoses path{fill:none;stroke-width:1;vector-effect:non-scaling-stroke}
.outlines path{fill:none;stroke-width:1.6;vector-effect:non-scaling-stroke;pointer-events:visibleStroke}.outlines .other{stroke-dasharray:5 3}.bare .outlines{display:none}
.marks text{fill:#fff;paint-order:stroke;stroke:#000;stroke-width:.18em;font-weight:600}.marks path{stroke:#fff;stroke-width:2.5;vector-effect:non-scaling-stroke}
.scale{display:flex;flex-wrap:wrap;gap:.1rem .9rem;font-size:.84rem;margin:.2rem 0 .5rem}.scale i{display:inline-block;width:1rem;height:.7rem;margin-right:.3rem;border-radius:2px}
.large{width:min(96vw,1100px);max-height:96vh;background:var(--bg);color:var(--ink);border:1px solid var(--line);border-radius:8px}.large svg{height:min(78vh,1000px)}.large::backdrop{background:#000b}
.strip{overflow:visible}.strip path{stroke:var(--line);fill:none}.strip circle{fill:var(--accent);fill-opacity:.35}.strip .median{stroke:var(--ink);stroke-width:1.5}
.range{white-space:nowrap}.range b{color:var(--bad);font-weight:600}.strip .out{fill:var(--bad);fill-opacity:.9}
.bar{display:flex;width:200px;height:.8rem;margin-top:.25rem;overflow:hidden;border-radius:4px;background:var(--mutebg)}
.bar .robust{background:var(--good)}.bar .acceptable{background:var(--c3)}.bar .poor{background:var(--bad)}.bar .not_evaluable{background:var(--soft);opacity:.4}
.courses td:nth-child(-n+4){white-space:nowrap}
.matrix td,.matrix th{padding:.2rem .35rem}.matrix thead th:nth-child(n+3){writing-mode:vertical-rl;transform:rotate(180deg);max-height:11rem;text-align:left;white-space:nowrap}.matrix .mark{text-align:center}.mark.good{color:var(--good)}.mark.warn{color:var(--warn)}.mark.bad{color:var(--bad)}
.entries{columns:auto 22rem;padding-left:0;list-style:none;font-size:.9rem}.entries li{break-inside:avoid;overflow-wrap:anywhere}
.heat{image-rendering:pixelated;width:min(100%,560px);border:1px solid var(--line)}
.planes,.large{${variables(DARK)}}
@media(max-width:760px){.dvh{grid-template-columns:minmax(0,1fr)}main{padding:.8rem}}
${curveRules}
@media print{.controls,.enlarge,.skip,.readout,.legend button,.legend input,nav,.sort::after{display:none}i,.planes svg{-webkit-print-color-adjust:exact;print-color-adjust:exact}h2,h3{break-after:avoid}.scroll,.legend .scroll{overflow:visible;max-height:none;border:0}section,figure,tr{break-inside:avoid}section{break-inside:auto}.dvh{grid-template-columns:minmax(0,1fr) 300px}a{color:inherit}main{max-width:none}}
`);
