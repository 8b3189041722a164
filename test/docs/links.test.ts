import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const pages = globSync('{*.md,docs/*.md,statemachine/*.md,test/**/*.md}');
const scripts = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts);

for (const page of pages) {
  const text = readFileSync(page, 'utf8');

  test(`${page}: every link leads to an existing file and heading`, () => {
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path, heading] = target.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      assert.ok(existsSync(file), `${target} is absent`);
      if (heading) assert.ok(headingsOf(file).includes(heading), `${target}: no such heading`);
    }
  });

  test(`${page}: every file and npm script that the page names exists`, () => {
    for (const [, path] of text.matchAll(
      /`((?:lib|cli|infra|test|bench|statemachine|containers|functions)\/[\w./-]+\w\/?)`/g,
    )) {
      assert.ok(existsSync(path), `${path} is absent`);
    }
    for (const [, script] of text.matchAll(/npm run ([\w:-]+)/g)) {
      assert.ok(
        scripts.some((name) => name === script || name.startsWith(`${script}:`)),
        `npm run ${script} is absent`,
      );
    }
  });
}

/** Headings as the web pages of git servers link to them. */
function headingsOf(file: string): string[] {
  const lines = readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm);
  return [...lines].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}
