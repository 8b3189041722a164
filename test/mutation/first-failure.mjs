// A reporter that ends the process at the first test that fails, and names it.
export default async function* firstFailure(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:fail' || data.details?.error?.failureType === 'subtestsFailed') continue;
    process.stdout.write(`${data.file ?? ''}\t${data.name}`, () => process.exit(1));
    await new Promise(() => {});
  }
  yield '';
}
