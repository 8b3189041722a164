import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { chosenDoseUid } from '#lib/course-store/dose.ts';
import { writeJson, writeJsonLines } from '#lib/course-store/json.ts';
import { multipartParts } from '#lib/dicomweb/multipart.ts';
import type { SelectedDose } from '#lib/rt/dose-decision.ts';
import { fileStore } from '#lib/store/file.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import { addPush } from '../../cli/commands/push.ts';
import { archivedFiles } from '../fixtures/archived-files.ts';
import { runCommand } from '../fixtures/command.ts';
import { startDicomweb } from '../fixtures/dicomweb-server.ts';

const out = mkdtempSync(join(tmpdir(), 'rtpipeline-push-'));
const server = await startDicomweb([]);
const to = `dicomweb:${server.place.url.href}`;
const files = archivedFiles('R', 1, 3);
const store = fileStore(out);
await writeJson(store, runKeys.config, {});
await writeJsonLines(store, runKeys.courses, [{ courseId: 'aa' }, { courseId: 'bb' }, { courseId: 'summed' }]);
const objects = files.map((file, i) => ({
  file,
  key: `courses/aa/structures/${i}.dcm`,
  kind: i === 2 ? 'SEG' : 'RTSTRUCT',
}));
for (const { key, file } of objects) await store.put(key, file);
await writeJson(store, courseKeys('aa').structureObjects, { objects: objects.map(({ key, kind }) => ({ key, kind })) });
await store.put('courses/aa/structures/of-an-earlier-run.dcm', files[0]);
const nothing = { selected: [], alternatives: [], otherTypes: [] };
for (const courseId of ['aa', 'bb', 'summed']) {
  const selected = ['1.1', '1.2'].map((doseUid) => ({ doseUid, weight: 1 }));
  const doseDecision = courseId === 'summed' ? { ...nothing, selected } : nothing;
  const doses = [{ sopInstanceUid: '1.1' }, { sopInstanceUid: '1.2' }];
  const [patient, images] = [{ id: '4711' }, [{ studyInstanceUid: '1.2.3' }]];
  const course = { courseId, patient, images, structureSets: [], doses, doseDecision };
  await writeJson(store, courseKeys(courseId).course, course);
}
const sum = chosenDoseUid([
  { doseUid: '1.1', weight: 1 },
  { doseUid: '1.2', weight: 1 },
] as SelectedDose[]);
await store.put(`courses/summed/dvh/dose-${sum}.dcm`, files[1]);
await store.put('courses/summed/dvh/dose-1.2.3.dcm', files[0]);
const part = { columns: [{ name: 'Mean[Gy]', unit: 'Gy', type: 'number' }], rows: [] };
await writeJson(store, courseKeys('summed').part('dvh', 'dvh_metrics'), part);

beforeEach(() => {
  server.stored.length = 0;
  server.fault = () => undefined;
});
after(async () => {
  await server.close();
  rmSync(out, { recursive: true, force: true });
});

test('push stores the objects of the run byte for byte, one per request', async () => {
  const { output, exitCode } = await runCommand(addPush, 'push', out, '--to', to, '--course', 'aa');
  assert.deepEqual([output, exitCode], ['3 objects stored', 0]);
  const bodies = server.stored.map((body) => {
    const [, boundary] = /^--(\S+)/.exec(Buffer.from(body).toString('latin1')) ?? [];
    return multipartParts(`multipart/related; boundary=${boundary}`, body).map(({ content }) => content);
  });
  assert.deepEqual(
    bodies,
    files.map((file) => [file]),
  );
});

test('push sends only the current dose sum of a course, and no report without measurements', async () => {
  const { output } = await runCommand(addPush, 'push', out, '--to', to, '--course', 'summed');
  assert.equal(output, '1 objects stored');
  assert.ok(Buffer.from(server.stored[0]).includes(Buffer.from(files[1])));
});

test('push sends only the requested objects', async () => {
  const { output } = await runCommand(addPush, 'push', out, '--to', to, '--kind', 'SEG', '--course', 'aa');
  assert.equal(output, '1 objects stored');
});

test('objects that the archive refuses are listed with the reason', async () => {
  server.fault = ({ count, response }) => {
    if (count < 3) return;
    const failed = { '00081198': { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [0xa700] } }] } };
    response.writeHead(202, { 'Content-Type': 'application/dicom+json' }).end(JSON.stringify(failed));
    return true;
  };
  server.asked.length = 0;
  const { output, exitCode } = await runCommand(addPush, 'push', out, '--to', to, '--course', 'aa');
  assert.equal(exitCode, 3);
  assert.match(
    output,
    /2 objects stored, 1 NOT stored:\n {2}courses\/aa\/structures\/2\.dcm: .*does not store it: reason a700/,
  );
});

for (const [what, args, message] of [
  ['an archive of another kind', [out, '--to', 'dimse:A@host:104'], /needs a DICOMweb address/],
  ['an object that there is not', [out, '--to', to, '--kind', 'CT'], /--kind CT does not exist/],
  ['a course that there is not', [out, '--to', to, '--course', 'cc'], /the run has no course cc/],
  ['a course without objects', [out, '--to', to, '--course', 'bb'], /wrote no DICOM objects of this kind/],
  ['no run', [tmpdir(), '--to', to], /no run found in this folder/],
] as const)
  test(`push refuses ${what} with a reason`, async () => {
    assert.match((await runCommand(addPush, 'push', ...args)).refusal ?? '', message);
  });
