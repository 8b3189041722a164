import type { TestContext } from 'node:test';
import { pythonWith } from '../../bench/peers/python-venv.ts';

const PYTHON_PACKAGES = [
  'pydicom==3.0.2',
  'pynetdicom==3.0.4',
  'frictionless==5.21.0',
  'rocrate==0.16.0',
  'highdicom==0.28.2',
  'dcmqi==1.5.7',
];

/** Python with the packages of the peers; without a registry the test is skipped, and says so. */
export async function pythonFor(context: TestContext): Promise<string | undefined> {
  try {
    return await pythonWith('pacs', PYTHON_PACKAGES);
  } catch (error) {
    const why = `NOT TESTED: pip gives no ${PYTHON_PACKAGES.join(', ')}: ${String(error).split('\n')[0]}`;
    console.error(why);
    context.skip(why);
    return undefined;
  }
}
