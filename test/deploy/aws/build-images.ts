import { setTimeout as wait } from 'node:timers/promises';
import { aws } from './aws-cli.ts';

const EVERY_MS = 15_000;
/** The project ends a build after two hours. */
const MOST_MINUTES = 125;

/** Starts the build of both images and waits for its end. @throws Error that names the phase in which it failed */
export async function buildImages(deployment: string): Promise<void> {
  const { build } = aws<{ build: { id: string } }>(
    ...['codebuild', 'start-build', '--project-name', `${deployment}-images`],
  );
  for (let waited = 0; waited < MOST_MINUTES * 60_000; waited += EVERY_MS) {
    const { builds } = aws<{ builds: { buildStatus: string; currentPhase: string; phases: Phase[] }[] }>(
      ...['codebuild', 'batch-get-builds', '--ids', build.id],
    );
    const [{ buildStatus, currentPhase, phases }] = builds;
    if (buildStatus === 'SUCCEEDED') return;
    if (buildStatus !== 'IN_PROGRESS') {
      const failed = phases.find(({ phaseStatus }) => phaseStatus && phaseStatus !== 'SUCCEEDED');
      throw new Error(`${buildStatus} in the phase ${failed?.phaseType ?? currentPhase}`);
    }
    await wait(EVERY_MS);
  }
  throw new Error(`the build did not end within ${MOST_MINUTES} minutes`);
}

interface Phase {
  phaseType: string;
  phaseStatus?: string;
}
