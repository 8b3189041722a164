import { loadStage } from '#lib/stages/registry.ts';
import { runBatchJob } from '../batch.ts';

await runBatchJob(loadStage);
