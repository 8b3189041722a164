import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Timed } from './entry.ts';

/** A work that a peer could not do here, and why. */
export interface Missing {
  work: string;
  by: string;
  missing: string;
}

export interface Results {
  date: string;
  node: string;
  processor: string;
  cores: number;
  /** Of the machine over the last minute at the end: above the cores, others computed too. */
  load: number;
  timed: Timed[];
  missing: Missing[];
}

const FILE = fileURLToPath(new URL('./results.json', import.meta.url));

export function readResults(): Results {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Results;
}

/** The results of a whole run replace those before. */
export function writeResults(results: Results): void {
  writeFileSync(FILE, `${JSON.stringify(results, null, 1)}\n`);
}

export function thisMachine(): Pick<Results, 'date' | 'node' | 'processor' | 'cores' | 'load'> {
  const load = Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
  const processor = `${cpus()[0].model.trim()}, ${arch()}`;
  return { date: new Date().toISOString().slice(0, 10), node: process.version, processor, cores: cpus().length, load };
}
