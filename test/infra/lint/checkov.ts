import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { CHECKOV_REASONS, type CheckovReason } from './checkov-reasons.ts';

/** What a rule of Checkov says of one resource of a template. */
interface Failed {
  check_id: string;
  check_name: string;
  /** `AWS::S3::Bucket.AccessLogs8B620ECA` */
  resource: string;
  file_path: string;
}

/**
 * Checkov's rules for CloudFormation on all templates below a folder: a finding is corrected, or has a reason in
 * checkov-reasons.ts; a reason without a finding is one too many.
 * @returns lines about what is wrong; none when nothing is
 * @throws Error when Checkov gives no answer
 */
export function checkovFaults(python: string, folder: string): string[] {
  const options = ['--framework', 'cloudformation', '--output', 'json', '--compact', '--quiet', '--soft-fail'];
  const { stdout, stderr, status } = spawnSync(join(dirname(python), 'checkov'), ['--directory', folder, ...options], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`Checkov ended with ${status}: ${stderr.slice(-2000)}`);
  const { results, summary } = JSON.parse(stdout) as {
    results: { failed_checks: Failed[] };
    summary: { passed: number; parsing_errors: number };
  };
  if (summary.passed === 0 || summary.parsing_errors > 0)
    throw new Error(`Checkov looked at nothing, or could not read templates: ${JSON.stringify(summary)}`);
  const used = new Set<CheckovReason>();
  const open = results.failed_checks.filter((failed) => {
    const reason = CHECKOV_REASONS.find(
      ({ checks, where }) => checks.includes(failed.check_id) && where.test(failed.resource),
    );
    if (reason) used.add(reason);
    return reason === undefined;
  });
  const idle = CHECKOV_REASONS.filter((reason) => !used.has(reason));
  return [
    ...new Set(open.map(({ check_id, check_name, resource }) => `${check_id} ${resource}: ${check_name}`)),
    ...idle.map(({ checks, where }) => `no finding needs the reason for ${checks.join(', ')} at ${where}`),
  ];
}
