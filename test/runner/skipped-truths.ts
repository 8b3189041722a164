const BRINGS = 'npm run test:data brings it';

/** What the end of a test run says of the tests that compare with public data which are not there. */
export function skippedTruths(skipped: { name: string; reason: string }[]): string {
  const truths = skipped.filter(({ reason }) => reason.endsWith(BRINGS));
  if (truths.length === 0) return '';
  const names = truths.map(({ name, reason }) => `  ${name} (${reason.slice(0, reason.indexOf(' '))})`);
  return `\n${truths.length} TRUTHS WERE NOT TESTED for lack of public data. npm run test:data brings them.\n${names.join('\n')}`;
}
