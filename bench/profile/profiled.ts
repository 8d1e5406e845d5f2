/**
 * Loaded into an app before its own code (`--import`): records where its processor time goes between two SIGUSR2, and writes it
 * to the file that CLEW_PROFILE_FILE names. In the process itself, so that no debugger has to be connected to it.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';

const MICROSECONDS_BETWEEN_SAMPLES = 500;

const file = process.env['CLEW_PROFILE_FILE']!;
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.setSamplingInterval', { interval: MICROSECONDS_BETWEEN_SAMPLES });

process.once('SIGUSR2', () => {
  session.post('Profiler.start');
  process.once('SIGUSR2', () => {
    session.post('Profiler.stop', (_error, { profile }) => {
      writeFileSync(`${file}.new`, JSON.stringify(profile));
      renameSync(`${file}.new`, file); // Whoever waits for it finds it whole.
    });
  });
});
