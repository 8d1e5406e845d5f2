import { describe, expect, it } from '@jest/globals';
import { packageOf, summaryOf } from './summary.js';

const frame = (functionName: string, url: string) => ({
  functionName,
  url,
  scriptId: '1',
  lineNumber: 9,
  columnNumber: 0,
});

describe('the summary of a profile', () => {
  it('gives each sample the time until the next one, and leaves out what was idle', () => {
    const summary = summaryOf({
      nodes: [
        { id: 1, callFrame: frame('(idle)', '') },
        { id: 2, callFrame: frame('decide', 'file:///clew/dist/libs/saga/src/core/decide.js') },
        { id: 3, callFrame: frame('query', 'file:///clew/node_modules/pg/lib/client.js') },
      ],
      samples: [2, 1, 3, 2],
      timeDeltas: [100, 2_000, 5_000, 3_000],
      startTime: 0,
      endTime: 10_100,
    });
    expect(summary.busyMs).toBe(5);
    expect(summary.packages).toEqual([
      ['pg', 3],
      ['libs/saga', 2],
    ]);
    expect(summary.functions[1]).toEqual(['decide libs/saga/src/core/decide.js:10', 2]);
  });
});

describe('the package of some code', () => {
  it.each([
    ['(garbage collector)', '', '(garbage collector)'],
    ['writev', '', 'native code'],
    ['nextTick', 'node:internal/process/task_queues', 'Node.js'],
    ['f', 'wasm://wasm/0123', 'WebAssembly'],
    ['f', 'file:///clew/node_modules/@nestjs/core/router.js', '@nestjs/core'],
    ['f', 'file:///clew/node_modules/fastify/node_modules/ajv/lib/ajv.js', 'ajv'],
    ['f', 'file:///clew/dist/apps/flights/src/app.module.js', 'apps/flights'],
    ['f', 'file:///clew/dist/apps/flights/src/database/client/client.js', 'generated Prisma client'],
  ])('of %s at "%s" is %s', (functionName, url, expected) => {
    expect(packageOf({ functionName, url })).toBe(expected);
  });
});
