import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonWith } from '../../emulator/python.ts';
import { builtApp, templatesOf } from '../../fixtures/cloud-app.ts';
import { VARIANTS } from '../../fixtures/variants.ts';
import { checkovFaults } from './checkov.ts';

/**
 * `npm run check:templates`: cfn-lint and Checkov on the templates of every variant of the settings. The first knows the resource
 * types of CloudFormation and what their properties may be, which no emulator does; the second knows what leaves them open.
 */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const requirements = (name: string) => [fileURLToPath(new URL(`./${name}.txt`, import.meta.url))];
/** Where hosts with GPUs of both generations are. */
const REGIONS = ['eu-central-1', 'us-east-1'];
/**
 * W3005: CDK names a dependency that also follows from a reference. W2001, W3002: parameters and packaging of assets, which
 * the CDK's own commands fill in. W6001: the outputs that tell people where to upload name buckets of the other stack.
 */
const LEFT_OUT = ['W3005', 'W2001', 'W3002', 'W6001'];

const python = pythonWith(join(ROOT, '.cache', 'check-templates'), requirements('requirements'));
const checkov = pythonWith(join(ROOT, '.cache', 'check-templates-checkov'), requirements('requirements-checkov'));
const work = mkdtempSync(join(tmpdir(), 'rtpipeline-templates-'));
try {
  const broken = Object.entries(VARIANTS).filter(
    ([name, settings], i) => !isClean(name, settings, join(work, String(i))),
  );
  const faults = checkovFaults(checkov, work);
  for (const fault of faults) console.log(fault);
  if (broken.length + faults.length > 0) process.exitCode = 1;
  else console.log(`cfn-lint and Checkov find nothing in ${2 * Object.keys(VARIANTS).length} templates`);
} finally {
  rmSync(work, { recursive: true });
}

function isClean(name: string, settings: Record<string, unknown>, folder: string): boolean {
  mkdirSync(folder);
  const files = Object.entries(templatesOf(builtApp(settings))).map(([stack, template]) => {
    const file = join(folder, `${stack}.template.json`);
    writeFileSync(file, JSON.stringify(template.toJSON(), null, 1));
    return file;
  });
  const options = ['--regions', ...REGIONS, '--ignore-checks', ...LEFT_OUT, '--'];
  const { status } = spawnSync(join(dirname(python), 'cfn-lint'), [...options, ...files], { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok' : 'NOT CLEAN'}: ${name}`);
  return status === 0;
}
