#!/usr/bin/env node
// The command `rtpipeline`. In the package it starts what was built for Node 20 and newer; in a clone it starts the source, on
// the Node 24 that `npm ci` brings.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('../cli/main.ts', import.meta.url);
if (!existsSync(source)) await import(new URL('../dist/cli/main.js', import.meta.url).href);
else process.exitCode = inClone(fileURLToPath(source));

function inClone(main) {
  const node = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  const { status, signal, error } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  if (error) console.error(`rtpipeline: the packages of this clone are not installed: npm ci (${error.message})`);
  return status ?? (signal === 'SIGINT' ? 130 : 1);
}
