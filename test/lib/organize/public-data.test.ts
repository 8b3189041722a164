import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import { isDicomDirectory, looksLikeDicom } from '#lib/dicom/recognise.ts';
import { duplicateCandidates } from '#lib/organize/duplicates.ts';
import { type IndexRow, indexRow } from '#lib/organize/index-row.ts';
import type { OrganizeOptions } from '#lib/organize/options.ts';
import { type Organized, organize } from '#lib/organize/organize.ts';
import type { Course } from '#lib/rt/course.ts';
import { absent, sharedPath } from '#test/fixtures/shared.ts';

const options: OrganizeOptions = {
  mergeCriteria: 'same_ct_study',
  identifiers: 'id',
  hash: (text) => createHmac('sha256', 'salt').update(text).digest('hex'),
};

/** What each folder holds by its SOURCE.md: courses with their images, structure sets, plans, doses and decision. */
const EXPECTED: Record<string, { courses: object[]; unassigned: Record<string, number> }> = {
  // The dose bears another PatientID and names the plan by its UID. It lies in another frame of reference: no DVH.
  'dicompyler-example': {
    courses: [
      {
        patient: '123456',
        planning: 'referenced',
        images: 'CT 1',
        sets: 1,
        plans: 1,
        doses: 1,
        rule: 'other_frame_of_reference',
      },
    ],
    unassigned: {},
  },
  // AntPost and SupInf doses of a grid share one UID: three are conflicts. Without plans the other three stand apart.
  'dvh-analytic': {
    courses: [
      {
        patient: 'MP15-067',
        planning: 'referenced',
        images: 'CT 20',
        sets: 18,
        plans: 0,
        doses: 3,
        rule: 'ambiguous_no_sum',
      },
    ],
    unassigned: { conflicting_duplicate: 3 },
  },
  'ibsi-ct-phantom': {
    courses: [{ patient: '1', planning: 'referenced', images: 'CT 60', sets: 1, plans: 0, doses: 0, rule: 'no_doses' }],
    unassigned: {},
  },
  'ibsi-digital-phantom': {
    courses: [
      { patient: 'FIG61', planning: 'fallback_largest', images: 'MR 1', sets: 0, plans: 0, doses: 0, rule: 'no_doses' },
    ],
    unassigned: {},
  },
  'matrad-box-phantom': {
    courses: [
      {
        patient: 'matRad_default_patient_20240327',
        planning: 'referenced',
        images: 'CT 100',
        sets: 1,
        plans: 0,
        doses: 0,
        rule: 'no_doses',
      },
    ],
    unassigned: {},
  },
  'pancreas-rtstruct-keyhole': {
    courses: [
      {
        patient: 'Pancreas-CT-CB_001',
        planning: 'unresolved_reference',
        images: '',
        sets: 1,
        plans: 0,
        doses: 0,
        rule: 'no_doses',
      },
    ],
    unassigned: {},
  },
  'pinnacle16-dose-plan': {
    courses: [
      { patient: 'ZZZDOSETEST', planning: 'none', images: '', sets: 0, plans: 1, doses: 1, rule: 'single_dose' },
    ],
    unassigned: {},
  },
  // Two rival plans of one structure set, neither approved nor prescribed: which was meant nobody can tell.
  'raystation-brain-srs': {
    courses: [
      {
        patient: 'brain',
        planning: 'unresolved_reference',
        images: '',
        sets: 1,
        plans: 2,
        doses: 2,
        rule: 'ambiguous_no_sum',
      },
    ],
    unassigned: {},
  },
  // Two of the structure sets share a UID; rt.dcm has a frame of its own, so that the other one is primary.
  'rt-utils-mock': {
    courses: [
      {
        patient: 'PHANTOM_EXAMPLE',
        planning: 'referenced',
        images: 'CT 2',
        sets: 2,
        plans: 0,
        doses: 0,
        rule: 'no_doses',
      },
    ],
    unassigned: { conflicting_duplicate: 1 },
  },
  'sts-002': {
    courses: [
      {
        patient: 'STS_002',
        planning: 'referenced',
        images: 'CT 48, MR 35, PT 48',
        sets: 3,
        plans: 0,
        doses: 0,
        rule: 'no_doses',
      },
    ],
    unassigned: {},
  },
};

for (const [folder, expected] of Object.entries(EXPECTED)) {
  const path = sharedPath(`data/${folder}`);
  test(`${folder} is organized as its source describes it`, {
    skip: absent(`data/${folder}`),
  }, () => {
    const { courses, unassigned } = organize(load(path!), options);
    assert.deepEqual(courses.map(summary), expected.courses);
    assert.deepEqual(countReasons({ unassigned }), expected.unassigned);
  });
}

const sts = sharedPath('data/sts-002');
test('each structure set of sts-002 finds its own images', {
  skip: absent('data/sts-002'),
}, () => {
  const [course] = organize(load(sts!), options).courses;
  const modalities = course.structureSets.map((set) => [set.header.description, set.imageModality, set.imageStatus]);
  assert.deepEqual(modalities.sort(), [
    ['IBSI_1_STS_002_CT_mask', 'CT', 'referenced'],
    ['IBSI_1_STS_002_MR_T1_mask', 'MR', 'referenced'],
    ['IBSI_1_STS_002_PET_mask', 'PT', 'referenced'],
  ]);
  assert.equal(course.images.find((image) => image.role === 'planning')?.modality, 'CT');
  const incomplete = course.findings.filter((f) => f.code === 'STRUCTURE_SET_IMAGES_INCOMPLETE');
  assert.equal(incomplete.length, 3, 'none of the slices that they name is there');
});

const dicomdir = sharedPath('data/pydicom-rt');
test('pydicom-rt: unrelated objects stay apart, radiographs are unassigned', {
  skip: absent('data/pydicom-rt'),
}, () => {
  const { courses, unassigned, counts } = organize(load(dicomdir!), options);
  assert.deepEqual([...new Set(courses.map((course) => course.patient.id))].sort(), [
    '1CT1',
    '4MR1',
    '77654033',
    '98890234',
    'id00001',
    'id11111',
    'tPhantom30sep',
  ]);
  assert.deepEqual(countReasons({ unassigned }), { conflicting_duplicate: 2, unsupported_object: 3 });
  assert.deepEqual(counts, { instances: 38, assigned: 33, duplicates: 0, unassigned: 5 });
  const relative = courses.find((course) => course.patient.id === 'id11111')?.doseDecision;
  assert.deepEqual([relative?.rule, relative?.selected], ['no_usable_dose', []], 'relative dose of one beam');
});

const data = sharedPath('data');
test('all public data together place every instance as each folder alone does', {
  skip: absent('data'),
}, () => {
  const folders = readdirSync(data!);
  const all = organize(load(data!), options);
  const alone = folders.map((folder) => organize(load(join(data!, folder)), options));
  assert.equal(all.counts.instances, all.counts.assigned + all.counts.duplicates + all.counts.unassigned);
  const ids = (results: Organized[]) =>
    results.flatMap((result) => result.courses.map((course) => course.courseId)).sort();
  assert.deepEqual(ids([all]), ids(alone));
});

function summary(course: Course) {
  return {
    patient: course.patient.id,
    planning: course.planningStatus,
    images: course.images
      .map((image) => `${image.modality} ${image.instances.length}`)
      .sort()
      .join(', '),
    sets: course.structureSets.length,
    plans: course.plans.length,
    doses: course.doses.length,
    rule: course.doseDecision.rule,
  };
}

function countReasons({ unassigned }: Pick<Organized, 'unassigned'>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of unassigned) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

const rowsOfFile = new Map<string, IndexRow | undefined>();

/** Index rows of a folder, as the catalog makes them: through JSON, with digests where UIDs collide. */
function load(folder: string): IndexRow[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const rows = files.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    if (!rowsOfFile.has(path)) rowsOfFile.set(path, rowOfFile(path));
    const row = rowsOfFile.get(path);
    return row ? [{ ...row, key: relative(folder, path) }] : [];
  });
  const digested = new Set(duplicateCandidates(rows).map(({ key }) => key));
  const plain: IndexRow[] = JSON.parse(JSON.stringify(rows));
  return plain.map((row) =>
    digested.has(row.key)
      ? {
          ...row,
          digest: createHash('sha256')
            .update(readFileSync(join(folder, row.key)))
            .digest('hex'),
        }
      : row,
  );
}

function rowOfFile(path: string): IndexRow | undefined {
  const bytes = readFileSync(path);
  if (!looksLikeDicom(bytes)) return undefined;
  const dataSet = readDataSet(bytes, { untilPixelData: true });
  return isDicomDirectory(dataSet) ? undefined : indexRow(dataSet, { key: path, bytes: bytes.length, version: '1' });
}
