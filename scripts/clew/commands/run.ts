import type { Context } from '../context.js';

/** Turns what a command does into what Commander calls: given whom to ask and where to speak, it gives an exit code. */
export type Run = (work: (context: Context) => Promise<number>) => () => Promise<void>;
