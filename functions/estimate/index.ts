import pipeline from '#statemachine/pipeline.asl.json' with { type: 'json' };
import stageJob from '#statemachine/stage-job.asl.json' with { type: 'json' };
import { stageFunction } from '../lambda.ts';
import { estimateStage } from './estimate.ts';

export const handler = stageFunction(
  estimateStage({ pipeline: JSON.stringify(pipeline), stageJob: JSON.stringify(stageJob) }),
);
