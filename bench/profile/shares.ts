import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of a .cpuprofile that are read: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
export interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  /** A node for each moment, and the microseconds since the moment before. */
  samples: number[];
  timeDeltas: number[];
}

export interface Share {
  name: string;
  seconds: number;
  /** Of all working time, 0..1. */
  share: number;
}

export interface Shares {
  seconds: number;
  /** One of each thread, or of each job in a process. */
  profiles: number;
  byKind: Share[];
  byFunction: Share[];
}

/** Profiles of a folder. A process that wrote one after each job is not counted once more by the one of its end. */
export function readProfiles(folder: string): Profile[] {
  const files = readdirSync(folder);
  const jobs = new Set(files.flatMap((file) => /^job\.(\d+)\./.exec(file)?.[1] ?? []));
  // CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile; thread 0 is the main thread.
  const twice = (file: string) => /^CPU\.\d+\.\d+\.(\d+)\.0\./.exec(file);
  return files
    .filter((file) => !jobs.has(twice(file)?.[1] ?? ''))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

/** Working time by kind and by function, most first. */
export function sharesOf(profiles: Profile[]): Shares {
  const [kinds, functions] = [new Map<string, number>(), new Map<string, number>()];
  for (const { nodes, samples, timeDeltas } of profiles) {
    const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
    samples.forEach((id, n) => {
      const { functionName, url, lineNumber } = frames.get(id) as Profile['nodes'][number]['callFrame'];
      const kind = kindOf(functionName, url);
      if (kind === undefined) return;
      const place = `${functionName || 'anonymous'} ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + timeDeltas[n] / 1e6);
      functions.set(place, (functions.get(place) ?? 0) + timeDeltas[n] / 1e6);
    });
  }
  const seconds = [...kinds.values()].reduce((sum, one) => sum + one, 0);
  return { seconds, profiles: profiles.length, byKind: ranked(kinds, seconds), byFunction: ranked(functions, seconds) };
}

/** What a thread does while it waits, and what the profiler itself takes. */
const NOT_WORK = new Set(['(idle)', '(root)', 'atomicsWaitLoop', 'dispatch']);

/** Finding, reading, stripping, compiling and linking of modules. */
const LOADING =
  /node:internal\/modules|bootstrap|amaro|compileSourceTextModule|getCompileCacheEntry|ModuleWrap|compileFunctionForCJSLoader|PackageScope|internalModuleStat|PackageJSON|wrapSafe/;

const ROOM = /\/(?:lib\/([^/]+)|(cli|statemachine|containers))\/[^:]*\.ts$/;

function kindOf(functionName: string, url: string): string | undefined {
  if (NOT_WORK.has(functionName)) return undefined;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (LOADING.test(`${functionName} ${url}`)) return 'loading code';
  if (url.startsWith('wasm:') || url.startsWith('wasm/') || url.includes('/wasm/')) return 'kernels (WebAssembly)';
  const parts = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (parts) return parts[1];
  const room = ROOM.exec(url);
  if (room) return room[1] ? `lib/${room[1]}` : room[2];
  return 'Node itself';
}

function ranked(seconds: Map<string, number>, all: number): Share[] {
  return [...seconds]
    .map(([name, value]) => ({ name, seconds: value, share: value / all }))
    .sort((a, b) => b.seconds - a.seconds);
}
