import { CreateScheduleCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { PipelineError } from '#lib/errors.ts';
import type { Schedules } from './quiet.ts';

/** EventBridge Scheduler: one schedule per folder, which removes itself when it has fired. */
export function awsSchedules(environment = process.env): Schedules {
  const { SCHEDULE_GROUP: GroupName, QUEUE_ARN: Arn, SCHEDULE_ROLE_ARN: RoleArn } = environment;
  if (!GroupName || !Arn || !RoleArn)
    throw new PipelineError('the environment lacks the schedule group, queue or role');
  const client = new SchedulerClient();
  return {
    async announceAt(at, Name, Input) {
      const order = {
        Name,
        GroupName,
        ScheduleExpression: `at(${at.toISOString().slice(0, 19)})`,
        FlexibleTimeWindow: { Mode: 'OFF' as const },
        ActionAfterCompletion: 'DELETE' as const,
        Target: { Arn, RoleArn, Input },
      };
      await client.send(new UpdateScheduleCommand(order)).catch((error) => {
        if (error.name !== 'ResourceNotFoundException') throw error;
        return client.send(new CreateScheduleCommand(order));
      });
    },
  };
}
