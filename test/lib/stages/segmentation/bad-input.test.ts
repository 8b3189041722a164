import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { StageContext } from '#lib/course-store/context.ts';
import { gridOf, readImages } from '#lib/course-store/images.ts';
import { readJson } from '#lib/course-store/json.ts';
import { readStructures } from '#lib/course-store/structures.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import type { DicomJson } from '#lib/dicom/write.ts';
import { column } from '#lib/math/vec3.ts';
import { readNifti } from '#lib/nifti/read-nifti.ts';
import { courseStage } from '#lib/stages/course-stage.ts';
import type { AnyCourseStage } from '#lib/stages/define-course-stage.ts';
import { customModels } from '#lib/stages/segmentation/custom-models.ts';
import { type SegmentationList, segmentationListKey } from '#lib/stages/segmentation/segment-images.ts';
import { segmentation } from '#lib/stages/segmentation/segmentation.ts';
import type { StageStatus } from '#lib/stages/status.ts';
import { structures } from '#lib/stages/structures/structures.ts';
import { courseKeys } from '#lib/store/keys.ts';
import { COURSE_ID, segmentedCourse } from '../../../fixtures/segmented-course.ts';

const COMMAND = fileURLToPath(new URL('../../../fixtures/programs/segmenter.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'segmentation-bad-input-test-'));
const TMPDIR = process.env.TMPDIR;

beforeEach(restore);
after(() => {
  restore();
  rmSync(folder, { recursive: true });
});

function restore(): void {
  delete process.env.FAKE_SEGMENTER;
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  process.env.FAKE_SEGMENTER_LOG = join(folder, 'calls.jsonl');
}

/** A model of one's own that is a command: the same program with TotalSegmentator's flags. */
const ROOT = join(folder, 'models');
mkdirSync(join(ROOT, 'own'), { recursive: true });
writeFileSync(
  join(ROOT, 'own', 'custom_model.yaml'),
  JSON.stringify({
    nnunet: { interface: 'command', command: `${COMMAND} -i {input} -o {output}` },
    networks: [{ alias: 'own', label_order: ['bright', 'brighter', 'absent'] }],
  }),
);

const config = (settings: object = {}) => ({
  segmentation: { command: COMMAND, device: 'cpu', ...settings },
  custom_models: { enabled: true, root: ROOT, ...settings },
});

const run = (stage: AnyCourseStage, context: StageContext) =>
  courseStage(stage).run({ courseId: COURSE_ID, force: false }, context);

const statusOf = ({ store }: StageContext, stage: string) =>
  readJson<StageStatus>(store, courseKeys(COURSE_ID).status(stage));

/** How the program ends: the code of the finding and a word of its reason. */
const MISHAPS: [mode: string, code: string, reason: RegExp][] = [
  ['lost_gpu', 'SEGMENTATION_GPU_LOST', /unspecified launch failure/],
  ['license', 'SEGMENTATION_LICENSE', /set segmentation\.license to a valid number/],
  ['weights', 'SEGMENTATION_NO_WEIGHTS', /the weights are not on this machine/],
  [
    'damaged',
    'SEGMENTATION_NO_WEIGHTS',
    /the weights are damaged .*copy or download them again .*load\(f\) \/ _pickle/,
  ],
  ['other_network', 'SEGMENTATION_NO_WEIGHTS', /the weights are damaged or belong to another network/],
  ['killed', 'SEGMENTATION_MEMORY', /ended with SIGKILL/],
  ['disk', 'SEGMENTATION_DISK_FULL', /the disk is full/],
  ['silent', 'SEGMENTATION_UNUSABLE', /ended without a result/],
  ['cut', 'SEGMENTATION_UNUSABLE', /cannot be read/],
  ['hangs', 'SEGMENTATION_TIMED_OUT', /was ended after 1 s/],
];

for (const [mode, code, reason] of MISHAPS) {
  test(`a program that ends "${mode}" is a finding with its reason, and the rest of the course goes on`, async () => {
    const { context } = await segmentedCourse(config(mode === 'hangs' ? { timeout: 1 } : {}));
    process.env.FAKE_SEGMENTER = mode;
    for (const stage of [segmentation, customModels]) {
      await assert.rejects(run(stage, context));
      const { status, findings } = await statusOf(context, stage.name);
      assert.equal(status, 'failed');
      const found = findings.filter((finding) => finding.code === code);
      assert.ok(found.length > 0 && found.every(({ message }) => reason.test(message)), JSON.stringify(findings));
    }
    await goesOn(context, 0);
  });
}

test('a missing program is a finding with its reason, and the rest of the course goes on', async () => {
  const { custom_models } = config();
  const { context } = await segmentedCourse({ segmentation: { command: '/nowhere/TotalSegmentator' }, custom_models });
  assert.equal((await run(segmentation, context)).status, 'skipped');
  const [{ code, message }] = (await statusOf(context, 'segmentation')).findings;
  assert.equal(code, 'NO_SEGMENTATION_TOOL');
  assert.match(message, /pip install TotalSegmentator/);
  assert.equal((await run(customModels, context)).status, 'ok');
  await goesOn(context, 3);
});

test('a full disk before the program starts is a finding, and the rest of the course goes on', async (t) => {
  const { context } = await segmentedCourse(config());
  const full = fullDisk(t);
  if (!full) return t.skip('only root can mount a small disk');
  process.env.TMPDIR = full;
  for (const stage of [segmentation, customModels]) {
    await assert.rejects(run(stage, context), { code: 'ENOSPC' });
    const { status, findings } = await statusOf(context, stage.name);
    assert.deepEqual([status, findings.some(({ code }) => code === 'SEGMENTATION_DISK_FULL')], ['failed', true]);
  }
  restore();
  await goesOn(context, 0);
});

/** Slices as scanners may leave them, the codes of what is found, and how often the CT is segmented. */
const IMAGES: [what: string, alter: (slices: DicomJson[]) => DicomJson[], codes: string[]][] = [
  ['a gantry tilt', (slices) => slices.map((slice, k) => moved(slice, [0, 1.5 * k, 0])), ['SHEARED_SLICES']],
  ['coronal slices', (slices) => slices.map(coronal), ['SEGMENTED_NOT_AXIAL']],
  [
    'four phases of breathing in one series',
    (slices) => [0, 1, 2, 3].flatMap((phase) => slices.map((slice) => ofPhase(slice, phase))),
    ['SEVERAL_VOLUMES'],
  ],
  ['two slices', (slices) => slices.slice(0, 2), ['NOT_SEGMENTED']],
];

for (const [what, alter, codes] of IMAGES) {
  test(`${what}: a finding, and structures that lie on the image`, async () => {
    const { context } = await segmentedCourse({ segmentation: config().segmentation }, alter);
    assert.equal((await run(segmentation, context)).status, 'ok');
    assert.equal((await run(structures, context)).status, 'ok');
    const all = await Promise.all(['segmentation', 'structures'].map((stage) => statusOf(context, stage)));
    const found: string[] = all.flatMap(({ findings }) => findings.map(({ code }) => code));
    for (const code of codes) assert.ok(found.includes(code), `${code} is not in ${found}`);
    const [image] = await readImages(context.store, COURSE_ID);
    const { segmentations } = await readJson<SegmentationList>(
      context.store,
      segmentationListKey(COURSE_ID, 'segmentation'),
    );
    const [total] = segmentations;
    if (codes.includes('NOT_SEGMENTED')) return assert.equal(total.status, 'skipped');
    const labels = readNifti(await context.store.get(total.parts[0].key));
    const voxels = readNifti(await context.store.get(image.key as string));
    assert.deepEqual(labels.grid, voxels.grid);
    assert.deepEqual(
      [...labels.data],
      Array.from(voxels.data, (value) => (value > 100 ? 2 : value > 0 ? 1 : 0)),
    );
    const grid = gridOf(image.grid!);
    assert.equal(grid.size[2], 14);
    assert.equal(await locationsPreserved(context), what === 'a gantry tilt' ? 'NO' : 'YES');
    if (what === 'coronal slices') assert.deepEqual(column(grid.direction, 2).map(Math.round), [0, 1, 0]);
  });
}

/** What the models found before stays, the images can be read, and every structure has a status. */
async function goesOn(context: StageContext, made: number): Promise<void> {
  assert.equal((await run(structures, context)).status, 'ok');
  const { structures: found } = await readStructures(context.store, COURSE_ID);
  assert.equal(found.filter(({ source }) => source === 'custom:own').length, made);
}

/** What the SEG says of its first frame: whether its pixels are those of the instance that it names. */
async function locationsPreserved({ store }: StageContext): Promise<string> {
  const file = courseKeys(COURSE_ID).file('structures', 'totalsegmentator.seg.dcm');
  const [frame] = readDataSet(await store.get(file)).items('PerFrameFunctionalGroupsSequence');
  const [source] = frame.items('DerivationImageSequence')[0].items('SourceImageSequence');
  return source.text('SpatialLocationsPreserved');
}

function moved(slice: DicomJson, shiftMm: number[]): DicomJson {
  const position = slice.ImagePositionPatient as number[];
  return { ...slice, ImagePositionPatient: position.map((mm, axis) => mm + shiftMm[axis]) };
}

/** The same pixels as if the patient had been cut from front to back. */
function coronal(slice: DicomJson): DicomJson {
  const [x, y, z] = slice.ImagePositionPatient as number[];
  return { ...slice, ImageOrientationPatient: [1, 0, 0, 0, 0, -1], ImagePositionPatient: [x, z, -y] };
}

function ofPhase(slice: DicomJson, phase: number): DicomJson {
  return { ...slice, SOPInstanceUID: `${slice.SOPInstanceUID}.${phase}`, AcquisitionNumber: phase + 1 };
}

/** A disk of a few pages without a free one; undefined where none can be mounted. */
function fullDisk(t: TestContext): string | undefined {
  const disk = mkdtempSync(join(folder, 'disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  t.after(() => execFileSync('umount', [disk]));
  assert.throws(() => writeFileSync(join(disk, 'filler'), new Uint8Array(1 << 20)), { code: 'ENOSPC' });
  return disk;
}
