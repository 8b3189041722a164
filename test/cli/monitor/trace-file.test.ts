import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openTraceFile } from '../../../cli/monitor/trace-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'trace-'));
after(() => rmSync(folder, { recursive: true }));

test('the trace file is valid after every event, so a killed run leaves a readable one', () => {
  const path = join(folder, 'trace.json');
  const write = openTraceFile(path);
  const events = ['dvh', 'Pęcherz', 'ő'.repeat(50)].map(
    (name, i) => ({ name, ph: 'X', ts: i, pid: 1, tid: 0 }) as const,
  );
  for (const [i, event] of events.entries()) {
    write(event);
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), events.slice(0, i + 1));
  }
});
