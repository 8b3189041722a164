import { quietFunction } from './quiet.ts';
import { awsSchedules } from './schedules.ts';

export const handler = quietFunction(awsSchedules(), Number(process.env.QUIET_MINUTES));
