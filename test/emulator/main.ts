import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demo } from '../../infra/local/demo.ts';
import { deploy } from '../../infra/local/deploy.ts';
import { emulatorEnvironment } from '../../infra/local/environment.ts';
import { EMULATOR_FOLDER, emulatorMissing, isReady, startEmulator } from './emulator.ts';
import { pushImages } from './push-images.ts';

/** `npm run emulator:up|deploy|demo|down`: the deployment on MiniStack, without an account, a token or Docker. */
const PORT = Number(process.env.EMULATOR_PORT ?? 4566);
const PID = join(EMULATOR_FOLDER, `emulator-${PORT}.pid`);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const COMMANDS: Record<string, () => Promise<void>> = {
  async up() {
    if (existsSync(PID) && (await isReady(PORT))) return console.log(`The emulator runs on port ${PORT} already.`);
    if (await isReady(PORT)) throw new Error(`port ${PORT} is taken by another program: set EMULATOR_PORT`);
    const missing = emulatorMissing();
    if (missing) throw new Error(missing);
    const { process: child, logFile } = await startEmulator(PORT, { detached: true });
    writeFileSync(PID, String(child.pid));
    child.unref();
    console.log(`The emulator runs on port ${PORT}. Its log: ${logFile}`);
  },
  async deploy() {
    assertStarted();
    Object.assign(process.env, emulatorEnvironment(PORT));
    deploy(PORT, { retain: 'false' });
    await pushImages();
  },
  async demo() {
    assertStarted();
    await demo(PORT, ROOT);
  },
  async down() {
    assertStarted();
    process.kill(Number(readFileSync(PID, 'utf8')));
    rmSync(PID);
  },
};

/** Nothing else that answers on the port is taken for the emulator. */
function assertStarted(): void {
  if (!existsSync(PID)) throw new Error(`no emulator was started for port ${PORT}: npm run emulator:up`);
}

const command = COMMANDS[process.argv[2] ?? ''];
if (!command) throw new Error(`commands are ${Object.keys(COMMANDS).join(', ')}`);
await command().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
