import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demo } from './demo.ts';
import { deploy } from './deploy.ts';
import { EMULATOR_FOLDER, emulatorMissing, isReady, startEmulator } from './emulator.ts';

/** `npm run localstack:up|deploy|demo|down`: the pipeline of the cloud on port 4566, without an account. */
const PORT = Number(process.env.EMULATOR_PORT ?? 4566);
const PID = join(EMULATOR_FOLDER, `emulator-${PORT}.pid`);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const COMMANDS: Record<string, () => Promise<void>> = {
  async up() {
    if (await isReady(PORT)) return console.log(`Something answers on port ${PORT} already: it is used.`);
    const missing = emulatorMissing();
    if (missing) throw new Error(missing);
    const { process: child, logFile } = await startEmulator(PORT, { detached: true });
    writeFileSync(PID, String(child.pid));
    child.unref();
    console.log(`The emulator answers on port ${PORT}; its log is ${logFile}`);
  },
  async deploy() {
    deploy(PORT, { retain: 'false' });
  },
  async demo() {
    await demo(PORT, ROOT);
  },
  async down() {
    if (!existsSync(PID)) return console.log('No emulator was started here.');
    process.kill(Number(readFileSync(PID, 'utf8')));
    rmSync(PID);
  },
};

const command = COMMANDS[process.argv[2] ?? ''];
if (!command) throw new Error(`commands are ${Object.keys(COMMANDS).join(', ')}`);
await command();
