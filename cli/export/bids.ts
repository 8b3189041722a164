import { VERSION } from '#lib/code-version.ts';
import type { Acquisition } from '#lib/rt/course.ts';
import { imageSidecar } from './bids-sidecar.ts';
import type { ExportedCourse, ExportedImage } from './courses.ts';
import { type ExportFolder, type ExportResult, entityName, ownName } from './folder.ts';

const BIDS_VERSION = '1.10.0';
const TOOL = { Name: 'rtpipeline', Version: VERSION };

/**
 * A BIDS dataset: a subject for each patient, a session for each course. MR and PET lie where BIDS has them; CT, which it
 * does not have yet (BEP 24), in `ct`, which `.bidsignore` names. Masks and doses are a derivative.
 */
export async function exportBids(courses: AsyncIterable<ExportedCourse>, folder: ExportFolder): Promise<ExportResult> {
  const leftOut: string[] = [];
  const subjects = new Map<string, string>();
  const taken = new Set<string>();
  const sessions = new Map<string, number>();
  const people: string[] = [];
  let count = 0;
  for await (const one of courses) {
    count++;
    const { patient, courseId } = one.course;
    const subject = subjects.get(patient.id) ?? ownName(entityName(patient.id), taken, 'x');
    if (!subjects.has(patient.id)) {
      subjects.set(patient.id, subject);
      people.push([`sub-${subject}`, patient.ageYears ?? 'n/a', patient.sex || 'n/a'].join('\t'));
    }
    const session = (sessions.get(subject) ?? 0) + 1;
    sessions.set(subject, session);
    const stem = `sub-${subject}_ses-${session}`;
    const place = `sub-${subject}/ses-${session}`;
    for (const image of one.images) {
      const { acquisition } = one.course.images[image.record.number];
      await writeImage({ image, acquisition }, { place, stem }, folder);
      if (image.isUneven)
        leftOut.push(`course ${courseId}: true positions of uneven slices; NIfTI can hold even positions only`);
    }
    for (const [n, { read, uid }] of one.doses.entries()) {
      const path = `derivatives/rtpipeline/${place}/dose/${stem}_desc-dose${n + 1}_dose`;
      await folder.write(`${path}.nii.gz`, await read());
      await folder.writeJson(`${path}.json`, { Units: 'Gy', DoseSOPInstanceUID: uid });
    }
  }
  await writeDescriptions(folder, people);
  return { lines: [`${subjects.size} subjects, ${count} sessions`], leftOut };
}

async function writeImage(
  { image, acquisition }: { image: ExportedImage; acquisition: Acquisition },
  { place, stem }: { place: string; stem: string },
  folder: ExportFolder,
): Promise<void> {
  const { record } = image;
  const { datatype, suffix } = kindOf(image);
  const run = `_run-${record.number + 1}`;
  const raw = `${place}/${datatype}/${stem}${run}_${suffix}`;
  await folder.write(`${raw}.nii.gz`, await image.read());
  await folder.writeJson(`${raw}.json`, imageSidecar(image, acquisition));
  const taken = new Set<string>();
  for (const { name, record: roi, read } of image.structures) {
    const label = ownName(entityName(name), taken, 'x');
    const path = `derivatives/rtpipeline/${place}/${datatype}/${stem}${run}_label-${label}_mask`;
    await folder.write(`${path}.nii.gz`, await read());
    await folder.writeJson(`${path}.json`, {
      Type: 'ROI',
      Description: `Mask of ${name} on the grid of its image`,
      Sources: [`bids:raw:${raw}.nii.gz`],
      SpatialReference: `bids:raw:${raw}.nii.gz`,
      StructureName: name,
      WrittenName: roi.roiName,
      Source: roi.source,
    });
  }
}

function kindOf({ record: { modality, weighting } }: ExportedImage): { datatype: string; suffix: string } {
  if (modality === 'MR')
    return { datatype: 'anat', suffix: weighting === 'T1' ? 'T1w' : weighting === 'T2' ? 'T2w' : 'MRI' };
  return modality === 'PT' ? { datatype: 'pet', suffix: 'pet' } : { datatype: 'ct', suffix: 'ct' };
}

async function writeDescriptions(folder: ExportFolder, people: string[]): Promise<void> {
  const base = { BIDSVersion: BIDS_VERSION, GeneratedBy: [TOOL] };
  await folder.writeJson('dataset_description.json', { Name: 'Radiotherapy cohort', DatasetType: 'raw', ...base });
  await folder.writeJson('derivatives/rtpipeline/dataset_description.json', {
    Name: 'Structures and doses',
    DatasetType: 'derivative',
    ...base,
    DatasetLinks: { raw: '../..' },
    SourceDatasets: [{ URL: 'bids:raw:' }],
  });
  await folder.write('participants.tsv', `${['participant_id\tage\tsex', ...people.toSorted()].join('\n')}\n`);
  await folder.writeJson('participants.json', {
    age: { Description: 'age at the start of the first course', Units: 'year' },
    sex: { Description: 'sex as DICOM says it', Levels: { M: 'male', F: 'female', O: 'other' } },
  });
  await folder.write('.bidsignore', '**/ct\n**/*_MRI.*\n**/pet/\nderivatives/\n');
  await folder.write('derivatives/rtpipeline/.bidsignore', '**/ct\n**/dose\n');
  await folder.write('README', README);
  await folder.write('derivatives/rtpipeline/README', DERIVATIVE_README);
}

const README = `Images of radiotherapy courses, written by rtpipeline. A subject is a patient, and a session is a course.
Planning CT lies in ct, which BIDS does not have yet (BIDS Extension Proposal 24). Masks and doses: derivatives/rtpipeline.
`;

const DERIVATIVE_README = `Masks and doses of the images in ../.., written by rtpipeline. A mask lies on the grid of its image: 1 is inside.
Doses are in Gy, on the grids of the planning system. BIDS has no place for doses: they lie in dose.
`;
