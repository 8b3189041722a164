import { Duration } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  type IWidget,
  LogQueryWidget,
  MathExpression,
  Metric,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { STAGE_BINDINGS } from '../../statemachine/bindings.ts';

const NAMESPACE = 'rtpipeline';
const QUEUES = ['cpu', 'long', 'gpu', 'largeGpu'];
const period = Duration.minutes(5);

/** One page: courses, queues, GPU hours, cost, climbs, durations, and failed jobs with their log streams. */
export function pipelineDashboard(scope: Construct, name: string, functionLogs: ILogGroup): Dashboard {
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: name,
    defaultInterval: Duration.days(1),
    widgets: [
      [courseTotals(), cost()],
      [courses(), queueDepth()],
      [...durations()],
      [gpuHours(), climbs()],
      [failedJobs(functionLogs)],
    ],
  });
}

function sum(metricName: string, dimensionsMap: Record<string, string>, label: string): Metric {
  return new Metric({ namespace: NAMESPACE, metricName, dimensionsMap, statistic: 'Sum', period, label });
}

function ofCourses(metricName: string, label: string): Metric {
  return sum(metricName, { Run: 'courses' }, label);
}

/** What has come and not gone, counted from the left edge of the picture. */
function open(come: Metric, gone: Metric[], label: string): MathExpression {
  const came = `${label}Came`;
  const ids = gone.map((_, index) => `${label}Gone${index}`);
  return new MathExpression({
    expression: `RUNNING_SUM(FILL(${came}, 0)) - RUNNING_SUM(${ids.map((id) => `FILL(${id}, 0)`).join(' + ')})`,
    usingMetrics: { [came]: come, ...Object.fromEntries(gone.map((metric, index) => [ids[index], metric])) },
    label,
    period,
  });
}

function courseTotals(): IWidget {
  return new SingleValueWidget({
    title: 'Courses',
    width: 12,
    setPeriodToTimeRange: true,
    metrics: [
      ofCourses('CoursesStarted', 'started'),
      ofCourses('CoursesDone', 'done'),
      ofCourses('CoursesFailed', 'failed'),
    ],
  });
}

function cost(): IWidget {
  return new SingleValueWidget({
    title: 'Cost of jobs at list prices, $',
    width: 12,
    setPeriodToTimeRange: true,
    metrics: QUEUES.map((queue) => sum('CostEstimate', { Queue: queue }, queue)),
  });
}

function courses(): IWidget {
  const ended = [ofCourses('CoursesDone', 'done'), ofCourses('CoursesFailed', 'failed')];
  return new GraphWidget({
    title: 'Courses under way',
    width: 12,
    left: [open(ofCourses('CoursesStarted', 'started'), ended, 'running')],
    right: ended,
  });
}

function queueDepth(): IWidget {
  return new GraphWidget({
    title: 'Jobs that wait',
    width: 12,
    left: QUEUES.map((queue) =>
      open(
        sum('JobsSubmitted', { Queue: queue }, queue),
        [sum('JobsStarted', { Queue: queue }, queue), sum('JobsNeverStarted', { Queue: queue }, queue)],
        queue,
      ),
    ),
  });
}

function durations(): IWidget[] {
  const stages = Object.values(STAGE_BINDINGS).map(({ stage }) => stage);
  return ['p50', 'p95'].map(
    (statistic) =>
      new GraphWidget({
        title: `Duration by stage, ${statistic}, s`,
        width: 12,
        left: stages.map(
          (stage) =>
            new Metric({
              namespace: NAMESPACE,
              metricName: 'StageSeconds',
              dimensionsMap: { Stage: stage },
              statistic,
              period,
              label: stage,
            }),
        ),
      }),
  );
}

function gpuHours(): IWidget {
  return new GraphWidget({
    title: 'GPU hours',
    width: 12,
    left: ['gpu', 'largeGpu'].map((queue) => sum('GpuHours', { Queue: queue }, queue)),
  });
}

function climbs(): IWidget {
  const stages = Object.values(STAGE_BINDINGS)
    .filter(({ runs }) => runs !== 'lambda')
    .map(({ stage }) => stage);
  return new GraphWidget({
    title: 'Climbs: out of memory, and hosts lost',
    width: 12,
    left: stages.map((stage) => sum('OutOfMemory', { Stage: stage }, stage)),
    right: stages.map((stage) => sum('HostLost', { Stage: stage }, `${stage}, host lost`)),
  });
}

/** The console makes a link of the stream. */
function failedJobs(functionLogs: ILogGroup): IWidget {
  return new LogQueryWidget({
    title: 'Failed jobs and their log streams',
    width: 24,
    logGroupNames: [functionLogs.logGroupName],
    queryLines: [
      'fields @timestamp, stage, course, exitCode, reason, logStream, jobId',
      "filter event = 'Observe:Job:Failed'",
      'sort @timestamp desc',
      'limit 50',
    ],
  });
}
