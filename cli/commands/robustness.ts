import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Config, parseConfig } from '#lib/config.ts';
import { BadInput } from '#lib/errors.ts';
import { featureColumns } from '#lib/radiomics/pyradiomics/columns.ts';
import { PROFILE_FILES } from '#lib/radiomics/pyradiomics/profiles.ts';
import { parseRadiomicsSettings, type RadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import { SUMMARY_COLUMNS } from '#lib/robustness/columns.ts';
import { perturbationsByKind, strengthsOf } from '#lib/robustness/kinds.ts';
import { perturbRegion } from '#lib/robustness/perturb-region.ts';
import { perturbationGrid } from '#lib/robustness/perturbation-grid.ts';
import { seedOf } from '#lib/robustness/seed.ts';
import { summariseFeature } from '#lib/robustness/summarise.ts';
import { toCsv } from '#lib/tables/csv.ts';
import { type Column, column, type Row, type Table } from '#lib/tables/table.ts';
import { casesExit } from '../cases-exit.ts';
import { type CaseRegion, readCase } from '../files/radiomics-case.ts';

interface RobustnessCommand {
  image?: string;
  mask?: string;
  label?: number;
  roi: string[];
  params?: string;
  intensity: 'mild' | 'standard' | 'aggressive';
  noise?: string[];
  json: boolean;
}

export function addRobustness(program: Command): void {
  program
    .command('robustness')
    .option('--image <path>', 'NIfTI, NRRD, MetaImage, or a folder with a DICOM series')
    .option('--mask <path>', 'label map as NIfTI, NRRD or MetaImage, a DICOM segmentation (SEG), or an RTSTRUCT')
    .option('--label <n>', 'only this label of a label map or segment of a SEG; default: all', Number)
    .option(
      '--roi <patterns...>',
      'only these ROIs of an RTSTRUCT or segments of a SEG; * matches any text, ? any character',
      [],
    )
    .option('--params <file>', 'parameter file of PyRadiomics; default: the built-in one for CT')
    .option('--intensity <level>', 'number of perturbations: mild (12), standard (81) or aggressive (315)', 'mild')
    .option(
      '--noise <sds...>',
      'standard deviations of the noise, in the unit of the image; default: 0 10 20 for CT (HU), no noise for others',
    )
    .option('--json', 'print JSON instead of CSV', false)
    .action(async (options: RobustnessCommand) => {
      const table = await robustnessOfFiles(options);
      process.stdout.write(options.json ? `${JSON.stringify(table.rows, null, 2)}\n` : toCsv(table));
      process.exitCode = casesExit(table.rows);
    });
}

/** A row for each region, feature and kind of perturbation: how much the feature varies within the region. */
export async function robustnessOfFiles({
  image,
  mask,
  label,
  roi,
  params,
  intensity,
  noise,
}: RobustnessCommand): Promise<Table> {
  if (image === undefined || mask === undefined) throw new BadInput('robustness needs --image and --mask');
  if (!['mild', 'standard', 'aggressive'].includes(intensity))
    throw new BadInput('--intensity must be mild, standard or aggressive');
  const read = await readCase({ image, mask, label }, roi);
  for (const { message } of read.findings) console.error(`${mask}: ${message}`);
  const levels = noise?.map(Number) ?? (read.quantity === 'HU' ? undefined : [0]);
  if (noise === undefined && read.quantity !== 'HU')
    console.error(`${image}: the file does not say HU, so no noise is added. Set its levels with --noise`);
  const config = parseConfig({
    radiomics_robustness: { segmentation_perturbation: { noise_levels: levels, intensity } },
  }).radiomics_robustness;
  const settings = parseRadiomicsSettings(await readFile(params ?? PROFILE_FILES.CT, 'utf8'));
  const rows = read.regions.flatMap((region) => regionRows(region, read.image, settings, config));
  return { name: 'robustness', key: KEY, columns: COLUMNS, rows };
}

const KEPT = [
  'feature_name',
  'perturbation',
  'n_perturbations',
  'n_perturbations_dropped',
  'wsd',
  'rc',
  'cov_pct',
  'qcd',
];
const KEY = ['Region', 'Label', 'feature_name', 'perturbation'];
const COLUMNS: Column[] = [
  column('Region', 'string', 'ROI, or label of the mask'),
  column('Label', 'int', 'number of the ROI, or label'),
  column('status', 'string', 'ok, or the reason code why there are no features'),
  column('reason', 'string', 'the reason in a sentence; of the first perturbation that gave no features'),
  ...SUMMARY_COLUMNS.filter(({ name }) => KEPT.includes(name)),
];

function regionRows(
  region: CaseRegion,
  image: Parameters<typeof perturbRegion>[0]['image'],
  settings: RadiomicsSettings,
  config: Config['radiomics_robustness'],
): Row[] {
  const base = { Region: region.name, Label: region.label };
  if (!region.mask) return [{ ...base, status: region.status, reason: region.reason }];
  const perturbations = config.segmentation_perturbation;
  const grid = perturbationGrid(perturbations);
  const seed = seedOf(region.name, region.label);
  const found = perturbRegion({ image, mask: region.mask, settings, seed }, grid, perturbations);
  const lost = found.find(({ status }) => status !== 'ok');
  if (found.every(({ status }) => status !== 'ok')) return [{ ...base, status: 'failed', reason: lost?.reason ?? '' }];
  const reason = lost ? `${lost.perturbation.id}: ${lost.reason}` : '';
  const names = featureColumns(settings).map(({ name }) => name);
  const values = new Map(
    found.map(({ perturbation, status, values: of }) => {
      const features = Float64Array.from(names, (name) => of[name] ?? Number.NaN);
      return [perturbation.id, status === 'ok' ? features : undefined];
    }),
  );
  const group = { identity: {}, subjects: [{ courseId: '', values }] };
  const kinds = perturbationsByKind(new Map(grid.map((one) => [one.id, strengthsOf(one)])));
  return names.flatMap((name, n) =>
    [...kinds].map(([kind, ids]) => {
      const summary = summariseFeature(group, n, { kind, ids }, config);
      const cells = { ...summary, feature_name: name } as Row;
      return { ...base, status: 'ok', reason, ...Object.fromEntries(KEPT.map((key) => [key, cells[key] ?? null])) };
    }),
  );
}
