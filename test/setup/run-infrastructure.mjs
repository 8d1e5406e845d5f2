/**
 * The servers of one test run: a PostgreSQL and a RabbitMQ found on the same ladder as those of `npm start`, in a folder
 * of their own. Shared by Jest's global setup and teardown, which run in the same process.
 */
import { existsSync } from 'node:fs';
import { build } from '../../scripts/build.mjs';

let run;
/** The stop that has begun, if one has: whoever would exit waits for it. */
let ending;

/** Starts them and says in the environment where they are. Does nothing if this process has done it already. */
export async function startInfrastructure() {
  if (run) return;
  const startedAt = performance.now();
  await build({ log });
  const testing = await import('../../dist/libs/testing/src/index.js');
  await testing.sweepAbandonedDirectories(log);

  const directory = testing.openTemporaryDirectory();
  // Every process that the tests start inherits it; that is how one which was left over is recognised.
  process.env.CLEW_TEST_RUN = directory.path;
  const starting = testing.findInfrastructure({ dataDir: directory, persistent: false, log });
  run = { testing, directory, starting };
  stopWhenInterrupted();
  const { databaseUrl, amqpUrl, postgres, rabbitmq } = await starting;
  process.env.CLEW_TEST_DATABASE_URL = databaseUrl;
  process.env.CLEW_TEST_AMQP_URL = amqpUrl;
  const kinds = [postgres, rabbitmq].map(({ name, kind }) => `${name} (${kind})`);
  log(
    `Started ${kinds.join(' and ')} for the tests in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  );
}

/** Stops them. @throws Error if a process or the folder outlives the run: then the run has failed */
export async function stopInfrastructure() {
  const whatRuns = run;
  run = undefined;
  if (whatRuns) ending = stopAndCheck(whatRuns);
  await ending;
}

async function stopAndCheck({ testing, directory, starting }) {
  await (await starting).stop();

  const failures = [];
  const leftOver = () => leftOverBy(testing, directory);
  try {
    await testing.eventually(() => leftOver().length === 0, { within: 5_000 });
  } catch {
    for (const leftover of leftOver()) {
      failures.push(`process ${leftover.pid}: ${leftover.commandLine}`);
      await testing.endProcess(leftover, { within: 2_000 });
    }
  }
  if (existsSync(directory.path)) failures.push(`folder ${directory.path}`);
  if (failures.length > 0) throw new Error(`The tests left something behind:\n  ${failures.join('\n  ')}`);
}

/** Jest's own workers carry the mark as well. */
function leftOverBy(testing, directory) {
  return testing
    .processesMentioning(directory.path)
    .filter(({ commandLine }) => !commandLine.includes('jest'));
}

/** Ctrl-C arrives twice, as npm forwards it once more; the second must not break the clean stop. */
function stopWhenInterrupted() {
  let stopping = false;
  const stop = async ({ testing, directory, starting }) => {
    await (await starting).stop();
    for (const leftover of leftOverBy(testing, directory)) await testing.endProcess(leftover);
  };
  for (const [signal, exitCode] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      const whatRuns = run;
      run = undefined;
      // The teardown, should Jest still come to it or be at it, is about this one stop as well.
      if (whatRuns) ending = stop(whatRuns);
      Promise.resolve(ending)
        .catch((error) => log(`The servers of the tests didn't stop cleanly: ${error.message}`))
        .finally(() => process.exit(exitCode));
    });
  }
}

function log(line) {
  process.stderr.write(`${line}\n`);
}
