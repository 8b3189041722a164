import { codeDigest } from '../../code-digest.ts';
import { VERSION } from '../../code-version.ts';
import type { StageContext } from '../../course-store/context.ts';
import { readJson, sha256, stableJson, writeJson } from '../../course-store/json.ts';
import type { Finding } from '../../findings.ts';
import { redacted } from '../../secrets.ts';
import { resultKeys, runKeys } from '../../store/keys.ts';
import type { Counts, Organized } from '../organize/organized.ts';

export interface Aggregated {
  tables: Record<string, number>;
  /** `partial`: with all stages done, but for results that some of them miss. */
  courses: { ok: number; partial: number; failed: number };
  /** What is wrong with the tables themselves. */
  findings: Finding[];
}

/** `results/run.json`: provenance. */
export interface RunRecord {
  product: string;
  version: string;
  /** Digest of the code that computed the tables. */
  code: string;
  node: string;
  finishedAt: string;
  /** Secrets in it are digests. */
  config: unknown;
  digests: { config: string; instances: string; tables: Record<string, string> };
  counts: Counts;
  courses: Aggregated['courses'];
  /** Rows of each table. */
  rows: Record<string, number>;
  findings: Finding[];
}

/** Provenance: what ran, on what, with which configuration, and what became of every file. */
export async function writeRun(
  context: StageContext,
  organized: Organized,
  tables: Record<string, string>,
  summary: Aggregated,
): Promise<RunRecord> {
  const config = redacted(await readJson(context.store, runKeys.config));
  const record: RunRecord = {
    product: 'rtpipeline',
    version: VERSION,
    code: codeDigest().all,
    node: process.version,
    finishedAt: context.now().toISOString(),
    config,
    digests: { config: sha256(stableJson(config)), instances: organized.catalogDigest, tables },
    counts: organized.counts,
    courses: summary.courses,
    rows: summary.tables,
    findings: summary.findings,
  };
  await writeJson(context.store, resultKeys.run, record);
  return record;
}
