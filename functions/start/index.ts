import { queueFunction } from './handler.ts';
import { awsQueue } from './queue.ts';
import { awsServices } from './services.ts';

export const handler = queueFunction(awsServices(), awsQueue());
