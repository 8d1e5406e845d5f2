import type { Profiler } from 'node:inspector';

/** Self time by somebody, in milliseconds, the most first. */
export type Shares = readonly (readonly [who: string, ms: number])[];

export interface ProfileSummary {
  /** Time in which it ran code or collected garbage. */
  readonly busyMs: number;
  /** By function and where it stands. */
  readonly functions: Shares;
  /** By package: one of node_modules, a lib or app of ours, or Node.js itself. */
  readonly packages: Shares;
}

/** Sums up the samples of a profile. */
export function summaryOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): ProfileSummary {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const packages = new Map<string, number>();
  let busyMs = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)!;
    if (frame.functionName === '(idle)') continue;
    // A sample stands for the time until the next one.
    const ms = (timeDeltas[index + 1] ?? 0) / 1_000;
    busyMs += ms;
    add(functions, nameOf(frame), ms);
    add(packages, packageOf(frame), ms);
  }
  return { busyMs, functions: sorted(functions), packages: sorted(packages) };
}

/** To whom code belongs, by its address. */
export function packageOf({
  functionName,
  url,
}: Pick<Profiler.Profile['nodes'][number]['callFrame'], 'functionName' | 'url'>): string {
  if (/^\((program|garbage collector)\)$/.test(functionName)) return functionName;
  if (url.startsWith('wasm:')) return 'WebAssembly';
  if (url === '' || url.startsWith('node:')) return url === '' ? 'native code' : 'Node.js';
  const inPackage = url.split('/node_modules/').at(-1)!;
  if (inPackage !== url) {
    const [scope = '', name = ''] = inPackage.split('/');
    return scope.startsWith('@') ? `${scope}/${name}` : scope;
  }
  if (url.includes('/database/client/')) return 'generated Prisma client';
  const [, ours] = /\/dist\/((?:libs|apps)\/[^/]+)\//.exec(url) ?? [];
  return ours ?? url;
}

function nameOf({ functionName, url, lineNumber }: Profiler.Profile['nodes'][number]['callFrame']): string {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  const path = url.split('/node_modules/').at(-1)!.split('/dist/').at(-1)!;
  return `${name} ${path}:${lineNumber + 1}`;
}

function add(sums: Map<string, number>, who: string, ms: number): void {
  sums.set(who, (sums.get(who) ?? 0) + ms);
}

function sorted(sums: ReadonlyMap<string, number>): Shares {
  return [...sums].sort(([, a], [, b]) => b - a);
}
