import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { processorSecondsAlone, processorSecondsOfTree } from './process-tree.js';

const burn = `const until = Date.now() + 400; while (Date.now() < until);`;

describe('processor time', () => {
  it('of a tree holds what a grandchild took that has ended', () => {
    const [alone, tree] = [processorSecondsAlone(process.pid), processorSecondsOfTree(process.pid)];
    spawnSync(process.execPath, [
      '-e',
      `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(burn)}])`,
    ]);
    const ofTree = processorSecondsOfTree(process.pid) - tree;
    const ofItself = processorSecondsAlone(process.pid) - alone;
    // Of its 0.4 s it may have had to wait for some.
    expect(ofTree - ofItself).toBeGreaterThan(0.1);
  });
});
