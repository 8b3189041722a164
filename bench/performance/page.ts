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
    '`npm run docs:performance` writes this page from `bench/performance/results.json`; do not edit it. A whole run of `npm run bench -- --peers`',
    'writes those results. All sides do the same seeded works one after another on one machine. Times are seconds of processor time of all',
    'threads: least - median - most. The first run of each work does not count. Times of peers exclude the start of Python. Times of commands',
    'include the start of Node.',
    '',
    `${date}, ${processor}, ${cores} cores, Node ${node}. Load of the machine at the end: ${load}${load > cores ? '. Other programs ran too, so times are longer than on an idle machine, and the few milliseconds of the filters are uncertain' : ''}.`,
    '',
    '| work | rtpipeline | peer | seconds of the peer | times faster |',
    '|---|---|---|---|---|',
    ...told.flatMap((one) => rowsOf(one, peers)),
    '',
    ...(missing.length > 0 ? ['Not timed:', '', ...missing.map(({ work, by }) => `- ${work} by ${by}`), ''] : []),
    ...notes(peers),
    ...limits(ours),
  ].join('\n');
}

function rowsOf(one: Timed, peers: Timed[]): string[] {
  const others = peers.filter(({ work }) => work === one.work);
  if (others.length === 0) return [`| ${one.work} | ${spread(one)} | | | |`];
  return others.map((peer) => {
    const ratio = spreadOf(peer.seconds).median / spreadOf(one.seconds).median;
    return `| ${one.work} | ${spread(one)} | ${peer.by} | ${spread(peer)} | ${Number(ratio.toPrecision(2))} |`;
  });
}

function spread({ seconds }: Timed): string {
  const { least, median, most } = spreadOf(seconds);
  return [least, median, most].map((value) => value.toPrecision(3)).join(' - ');
}

function notes(peers: Timed[]): string[] {
  const fromRows = peers.some(({ by }) => by.endsWith('from ready columns'));
  return [
    'Some works differ between the sides:',
    '',
    '- Headers: pydicom reads a header and five of its elements. The product also writes an index row, and limits the time of a header. Most of',
    '  its time goes into the index row and into files that are read without blocking the thread.',
    '- De-identification: pydicom empties six elements and replaces UIDs. The product follows PS3.15 for all elements and texts.',
    '- Headers: dcmdump of DCMTK prints three elements of each file, in one process for all files.',
    '- Contours to masks: rt-utils also fills the border pixels, so its masks differ. scikit-image fills polygons only; plastimatch also',
    '  reads the CT and writes the masks.',
    fromRows
      ? '- Tables: both sides begin with rows. A separate line shows pyarrow with columns that are ready.'
      : '- Tables: the product begins with rows, as a pipeline has them; pyarrow has columns that are ready.',
    '- Features: PyRadiomics crops and bins the image anew for each family, and so does the product. Nyxus gets grey levels that are ready,',
    '  but reads its files.',
    '- DVHs: pydcm reads both files again for each ROI; it takes no others.',
    '- Whole course: robustness extracts each target twelve more times. Without it the product still computes DVHs, quality control, tables',
    '  and report, and starts its processes. Its peer makes masks and features only.',
    '',
    '`bench/peers/` compares the values.',
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
    '## Distance to the limit of memory',
    '',
    `A copy moves ${(bytesPerSecond / 1e9).toPrecision(2)} GB per second on this machine, read and written bytes together. The table shows how long each loop would take if it only moved its bytes:`,
    '',
    '| work | MiB to move | seconds at the speed of a copy | seconds | times the limit |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    'The filters read lines along an axis and compute ten to twenty operations for each number. Masks and headers need more computing than',
    'moving: crossings of edges, parsing of elements, an index row of JSON for each file.',
    '',
  ];
}
