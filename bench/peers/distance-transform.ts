/**
 * Margins and distance transforms of ours beside those of SciPy and ITK, on the same shapes in one run, one thread each:
 * `npm run peers:margins`.
 */

import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describeError } from '../../lib/errors.ts';
import { pythonWith } from './python-venv.ts';

const PACKAGES = ['scipy==1.17.1', 'SimpleITK==2.5.7', 'numpy'];
const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url));

try {
  const python = process.env.RTPIPELINE_PEER_PYTHON ?? (await pythonWith('margins', PACKAGES));
  console.log('rtpipeline, one thread');
  await execa(process.execPath, [beside('../distance-transform.ts')], { stdio: 'inherit' });
  await execa(python, [beside('./distance-transform.py')], { stdio: 'inherit', env: { OMP_NUM_THREADS: '1' } });
} catch (error) {
  console.error(`\n!!! THE PEER DID NOT RUN: ${describeError(error)}\n!!! Nothing was compared.\n`);
  process.exitCode = 1;
}
