import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeDicom } from '#lib/dicom/write.ts';
import { demoCohort } from '#lib/phantom/demo/cohort.ts';
import { planWithoutDose } from '#lib/phantom/demo/incomplete-cases.ts';
import { PATIENTS } from '#lib/phantom/demo/patients.ts';
import type { PhantomFile } from '#lib/phantom/file.ts';
import type { PhantomPatient } from '#lib/phantom/objects/identity.ts';

/** A person who comes later, and whose scan broke on its way. */
const LATE: PhantomPatient = { id: 'RTP-777', name: 'Phantom^Nachzuegler', birthDate: '19330127', sex: 'F' };

/** What may be in objects alone. */
export const CANARIES: string[] = [...PATIENTS, LATE].flatMap(({ id, name, birthDate }) => [
  id,
  name,
  name.split('^')[1],
  birthDate,
]);

export function writeCohort(folder: string, files: Iterable<PhantomFile> = demoCohort()): void {
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** One more course, every slice of which ends within its pixels. */
export function* poisonedCourse(): Generator<PhantomFile> {
  for (const object of planWithoutDose(LATE).objects()) {
    const bytes = writeDicom(object);
    const isSlice = object.Modality === 'CT';
    const path = `late/${String(object.SOPInstanceUID).slice(-12)}.dcm`;
    yield { path, bytes: isSlice ? bytes.slice(0, bytes.length >> 1) : bytes };
  }
}

/** More objects than one function catalogs: the poisoned course among notes that are no DICOM. */
export function* largeUpload(notes: number): Generator<PhantomFile> {
  yield* poisonedCourse();
  for (let index = 0; index < notes; index++)
    yield { path: `notes/${index}.txt`, bytes: new TextEncoder().encode(`note ${index}`) };
}
