import { COPY, OURS, spreadOf, type Timed } from './entry.ts';
import { readResults } from './results.ts';

/** Prints docs/performance.md from what `npm run bench -- --peers` timed: `node bench/performance/page.ts`. */
if (import.meta.main) process.stdout.write(performancePage());

export function performancePage(): string {
  const { date, node, processor, cores, load, timed, missing } = readResults();
  const ours = timed.filter(({ by }) => by === OURS);
  const told = ours.filter(({ work }) => work !== COPY);
  const peers = timed.filter(({ by }) => by !== OURS);
  return [
    '# Speed beside the packages of the field',
    '',
    'Made by `npm run docs:performance` from `bench/performance/results.json`, which a whole run of `npm run bench -- --peers` writes; do not edit.',
    'All sides do the same seeded works one after another on one machine. Seconds of processor time of',
    'all threads: least - median - most. The first run of each work does not count. Times of peers are without the start of Python, works',
    'that are commands are with the start of Node.',
    '',
    `${date}, ${processor}, ${cores} cores, Node ${node}. Load of the machine at the end: ${load}${load > cores ? '; others computed too, so that times are longer than on an idle machine, and the few milliseconds of the filters uncertain' : ''}.`,
    '',
    '| work | rtpipeline | peer | seconds of the peer | times faster |',
    '|---|---|---|---|---|',
    ...told.flatMap((one) => rowsOf(one, peers)),
    '',
    ...(missing.length > 0 ? ['Not timed:', '', ...missing.map(({ work, by }) => `- ${work} by ${by}`), ''] : []),
    ...notes(),
    ...limits(ours),
  ].join('\n');
}

function rowsOf(one: Timed, peers: Timed[]): string[] {
  const others = peers.filter(({ work }) => work === one.work);
  if (others.length === 0) return [`| ${one.work} | ${spread(one)} | | | |`];
  return others.map((peer) => {
    const ratio = spreadOf(peer.seconds).median / spreadOf(one.seconds).median;
    return `| ${one.work} | ${spread(one)} | ${peer.by} | ${spread(peer)} | ${ratio.toPrecision(2)} |`;
  });
}

function spread({ seconds }: Timed): string {
  const { least, median, most } = spreadOf(seconds);
  return [least, median, most].map((value) => value.toPrecision(3)).join(' - ');
}

function notes(): string[] {
  return [
    'What the numbers do not say: pydicom reads a header and five of its elements, the scan here also writes an index row, and parses headers',
    'under a watch against endless ones; the de-identification',
    'by pydicom empties six elements and replaces UIDs, the one here follows PS3.15 for all elements and texts; rt-utils paints the border',
    'pixels and so makes other masks; tables begin as rows on both sides, and a line says what pyarrow takes if its columns are ready;',
    'PyRadiomics crops and bins the image anew for each family, as does the product; the whole course of the product',
    'also has DVHs, robustness (twelve more extractions of each target), quality control, tables and report, its peer none of these. `bench/peers/`',
    'has the comparisons of values.',
    '',
  ];
}

/** The hottest loops beside what memory allows: their bytes at the speed of a plain copy on the same machine. */
function limits(ours: Timed[]): string[] {
  const copy = ours.find(({ work }) => work === COPY);
  if (copy?.bytes === undefined) return [];
  const bytesPerSecond = copy.bytes / spreadOf(copy.seconds).median;
  const rows = ours.flatMap(({ work, bytes, seconds }) => {
    if (bytes === undefined || work === COPY) return [];
    const [least, median] = [bytes / bytesPerSecond, spreadOf(seconds).median];
    return [
      `| ${work} | ${(bytes / 2 ** 20).toPrecision(3)} | ${least.toPrecision(2)} | ${median.toPrecision(3)} | ${Number((median / least).toPrecision(2))} |`,
    ];
  });
  return [
    '## How far from what memory allows',
    '',
    `A copy moves ${(bytesPerSecond / 1e9).toPrecision(2)} GB a second here, read and written bytes together. A loop that only moved its bytes would take:`,
    '',
    '| work | MiB that it must move | seconds at the speed of a copy | seconds | times the limit |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    'The filters read lines along an axis and compute some ten to twenty operations for each number. Masks and headers compute more than they',
    'move: crossings of edges, parsing of elements, an index row of JSON for each file.',
    '',
  ];
}
