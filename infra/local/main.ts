import { fileURLToPath } from 'node:url';
import { demo } from './demo.ts';
import { deploy } from './deploy.ts';
import { localStackMissing, startCommand, startLocalStack, stopLocalStack } from './localstack.ts';

/** `npm run localstack:up|deploy|demo|down`: the deployment on LocalStack, which needs Docker and a token. */
const PORT = Number(process.env.LOCALSTACK_PORT ?? 4566);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const COMMANDS: Record<string, () => Promise<void> | void> = {
  up: () => startLocalStack(PORT),
  deploy: () => deploy(PORT, { retain: 'false' }),
  demo: () => demo(PORT, ROOT),
  down: stopLocalStack,
};

const name = process.argv[2] ?? '';
const command = COMMANDS[name];
const missing = localStackMissing();
if (!command) {
  console.error(`There is no command ${name}: commands are ${Object.keys(COMMANDS).join(', ')}`);
  process.exitCode = 2;
} else if (missing) {
  console.error(`${missing}\nThis would start it: docker ${startCommand(PORT).join(' ')}`);
  process.exitCode = 2;
} else await command();
