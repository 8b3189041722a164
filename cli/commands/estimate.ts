import type { Command } from 'commander';
import { PRICES, priceWarning } from '#lib/aws/prices.ts';
import { addConfigFlags, type ConfigFlags, configFrom } from '../config-flags.ts';
import { type Estimate, estimateRun } from '../estimate/estimate.ts';
import { openInput } from '../open-input.ts';
import { textTable } from '../text-table.ts';

export function addEstimate(program: Command): void {
  const command = program
    .command('estimate')
    .argument('<input>', 'folder, archive or s3:// prefix with DICOM')
    .option('--json', 'print JSON', false);
  addConfigFlags(command).action(async (input: string, options: ConfigFlags & { json: boolean }) => {
    const { config } = await configFrom(options);
    const estimate = await estimateRun(await openInput(input), config);
    console.log(options.json ? JSON.stringify({ prices: PRICES.date, ...estimate }, null, 2) : describe(estimate));
  });
}

function describe(estimate: Estimate): string {
  const { courses, bytes, stages, run, orchestration, storageMonth, idleMonth } = estimate;
  const dollars = (value: number) => value.toFixed(2);
  const total = (value: (stage: Estimate['stages'][number]) => number) =>
    stages.reduce((sum, stage) => sum + value(stage), 0);
  const rows = stages.map((one) => [
    one.stage,
    one.hosts,
    one.jobs,
    one.hours.toFixed(2),
    dollars(one.spot),
    dollars(one.onDemand),
  ]);
  const sums = [
    'together',
    '',
    total(({ jobs }) => jobs),
    total(({ hours }) => hours).toFixed(2),
    dollars(total(({ spot }) => spot)),
    dollars(total(({ onDemand }) => onDemand)),
  ];
  const range = (name: keyof typeof run) => {
    const { hours, gpuHours, lostHosts, dollars: all } = run[name];
    return [name, hours.toFixed(2), gpuHours.toFixed(2), Math.round(lostHosts), dollars(all)];
  };
  return [
    `${courses} courses, ${(bytes / 1e9).toFixed(2)} GB`,
    '',
    textTable(['stage', 'hosts', 'jobs', 'hours', '$ spot', '$ on demand'], [...rows, sums]),
    '',
    'The table shows the jobs only. The whole run also includes hosts that boot, pull images, wait and are interrupted:',
    '',
    textTable(
      ['', 'hours', 'hours of GPU hosts', 'spot hosts lost', '$'],
      [range('low'), range('likely'), range('high')],
    ),
    '',
    `State machine, functions and requests: $ ${orchestration.toFixed(3)}. Storage: $ ${dollars(storageMonth)} a month.`,
    `Monthly costs of a deployment, also without runs: endpoints of the default network $ ${dollars(idleMonth.endpoints)}; metrics in a month with runs $ ${dollars(idleMonth.metrics)}.`,
    `List prices of ${PRICES.region}, ${PRICES.date}; durations are rules of thumb (see docs/scale.md). Default deployment settings, spot capacity first.`,
    priceWarning(new Date()),
  ]
    .join('\n')
    .trimEnd();
}
