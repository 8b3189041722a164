import type { Command } from 'commander';
import { openStore } from '#lib/store/open.ts';
import { courseNames } from '../course-names.ts';
import { requireRun, runStatus, verdictOf } from '../run-status.ts';
import { textTable } from '../text-table.ts';

export function addStatus(program: Command): void {
  program
    .command('status')
    .argument('<out>', 'output folder or s3:// prefix of the run')
    .option('--json', 'print JSON')
    .action(async (out: string, options: { json?: boolean }) => {
      const store = await openStore(out);
      await requireRun(store, out);
      const courses = await runStatus(store);
      if (options.json) return console.log(JSON.stringify(courses, null, 2));
      if (courses.length === 0) return console.log('No courses yet: the input is being read.');
      const names = await courseNames(
        store,
        courses.map(({ courseId }) => courseId),
      );
      const rows = courses.map((course) => [
        names.get(course.courseId)?.patient ?? '',
        course.displayName,
        names.get(course.courseId)?.plan ?? '',
        course.courseId,
        verdictOf(course),
        ...course.stages.map((s) => s.status),
      ]);
      const stages = courses[0].stages.map((s) => s.stage);
      console.log(textTable(['patient', 'course', 'plan', 'id', 'state', ...stages], rows));
      for (const { courseId, displayName, stages } of courses)
        for (const { stage, status, reason } of stages)
          if (status === 'failed' || status === 'partial')
            console.log(`\n${names.get(courseId)?.patient ?? ''} ${displayName} ${stage} ${status}: ${reason}`);
    });
}
