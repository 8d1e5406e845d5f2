/**
 * `npm run clew -- <command>`: what people at a terminal, and programs that watch, want of a running system.
 *
 * Speaks HTTP with the gateway and the participants, never with a database or the broker. `--json` prints one JSON document
 * on stdout and nothing else there. Exit codes: 0 fine; 1 a finding, or the wish was refused; 2 wrong usage, or whom it
 * has to ask can't be reached. What went wrong, and what to do, is said on stderr.
 */
import { main } from './clew/main.js';

process.exitCode = await main(process.argv.slice(2));
