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

const QUEUES = ['cpu', 'long', 'gpu', 'largeGpu'];
const period = Duration.minutes(5);

/** One page of a deployment's own metrics: courses, queues, GPU hours, cost, climbs, durations, and failed jobs with their log streams. */
export function pipelineDashboard(scope: Construct, name: string, functionLogs: ILogGroup): Dashboard {
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: name,
    defaultInterval: Duration.days(1),
    widgets: [
      [courseTotals(name), cost(name)],
      [courses(name), queueDepth(name)],
      [...durations(name)],
      [gpuHours(name), climbs(name)],
      [failedJobs(functionLogs)],
    ],
  });
}

function sum(namespace: string, metricName: string, dimensionsMap: Record<string, string>, label: string): Metric {
  return new Metric({ namespace, metricName, dimensionsMap, statistic: 'Sum', period, label });
}

function ofCourses(namespace: string, metricName: string, label: string): Metric {
  return sum(namespace, metricName, { Run: 'courses' }, label);
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

function courseTotals(namespace: string): IWidget {
  return new SingleValueWidget({
    title: 'Courses',
    width: 12,
    setPeriodToTimeRange: true,
    metrics: [
      ofCourses(namespace, 'CoursesStarted', 'started'),
      ofCourses(namespace, 'CoursesDone', 'done'),
      ofCourses(namespace, 'CoursesFailed', 'failed'),
    ],
  });
}

function cost(namespace: string): IWidget {
  return new SingleValueWidget({
    title: 'Cost of jobs at list prices, $',
    width: 12,
    setPeriodToTimeRange: true,
    metrics: QUEUES.map((queue) => sum(namespace, 'CostEstimate', { Queue: queue }, queue)),
  });
}

function courses(namespace: string): IWidget {
  const ended = [ofCourses(namespace, 'CoursesDone', 'done'), ofCourses(namespace, 'CoursesFailed', 'failed')];
  return new GraphWidget({
    title: 'Courses under way',
    width: 12,
    left: [open(ofCourses(namespace, 'CoursesStarted', 'started'), ended, 'running')],
    right: ended,
  });
}

function queueDepth(namespace: string): IWidget {
  return new GraphWidget({
    title: 'Jobs that wait',
    width: 12,
    left: QUEUES.map((queue) =>
      open(
        sum(namespace, 'JobsSubmitted', { Queue: queue }, queue),
        [
          sum(namespace, 'JobsStarted', { Queue: queue }, queue),
          sum(namespace, 'JobsNeverStarted', { Queue: queue }, queue),
        ],
        queue,
      ),
    ),
  });
}

function durations(namespace: string): IWidget[] {
  const stages = Object.values(STAGE_BINDINGS).map(({ stage }) => stage);
  return ['p50', 'p95'].map(
    (statistic) =>
      new GraphWidget({
        title: `Duration by stage, ${statistic}, s`,
        width: 12,
        left: stages.map(
          (stage) =>
            new Metric({
              namespace,
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

function gpuHours(namespace: string): IWidget {
  return new GraphWidget({
    title: 'GPU hours',
    width: 12,
    left: ['gpu', 'largeGpu'].map((queue) => sum(namespace, 'GpuHours', { Queue: queue }, queue)),
  });
}

function climbs(namespace: string): IWidget {
  const stages = Object.values(STAGE_BINDINGS)
    .filter(({ runs }) => runs !== 'lambda')
    .map(({ stage }) => stage);
  return new GraphWidget({
    title: 'Climbs: out of memory, and hosts lost',
    width: 12,
    left: stages.map((stage) => sum(namespace, 'OutOfMemory', { Stage: stage }, stage)),
    right: stages.map((stage) => sum(namespace, 'HostLost', { Stage: stage }, `${stage}, host lost`)),
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
