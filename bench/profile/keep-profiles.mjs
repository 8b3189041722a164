import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/**
 * Writes the profile of a job's process after each job: a process that waits for another job ends by SIGKILL, and Node's own
 * --cpu-prof writes nothing then. Loaded by --import.
 */
const folder = process.env.RTPIPELINE_PROFILES;
if (folder && isMainThread && process.send) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  let jobs = 0;
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk, ...rest) => {
    if (String(chunk) === process.env.RTPIPELINE_WORK_DONE) {
      jobs += 1;
      session.post('Profiler.stop', (_, { profile }) => {
        writeFileSync(join(folder, `job.${process.pid}.${jobs}.cpuprofile`), JSON.stringify(profile));
      });
      session.post('Profiler.start');
    }
    return write(chunk, ...rest);
  };
}
