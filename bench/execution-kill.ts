import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '#lib/random.ts';
import { writeCohort } from '../test/fixtures/cohort-run.ts';
import { killAndResume } from '../test/fixtures/kill-and-resume.ts';

/** A run that is killed again and again, compared with one that is not: `npm run test:kill -- [kills] [seed]`. */
const [kills, seed] = [Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 1)];
const root = mkdtempSync(join(tmpdir(), 'rtpipeline-kill-'));
const say = (done: number) => done % 10 === 0 && process.stdout.write(`${done} kills\n`);
const report = await killAndResume(writeCohort(root), kills, seededRandom(seed), say);
process.stdout.write(`${report.kills} kills, ${report.ends} runs came to their end, all with the same tables\n`);
rmSync(root, { recursive: true });
