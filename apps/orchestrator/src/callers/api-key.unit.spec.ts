import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, readEnvironment } from '@clew/service';
import { repositoryRoot } from '@clew/testing';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { digestOf, readApiKeys } from './api-key.js';

const hash = (key: string) => digestOf(key).toString('hex');
const read = (keys: string | undefined) =>
  readEnvironment(OrchestratorEnvironment, {
    DATABASE_URL: 'postgresql://localhost',
    AMQP_URL: 'amqp://localhost',
    CLEW_API_KEYS: keys,
  }).CLEW_API_KEYS;

describe('API keys', () => {
  it('are none unless they are set', () => {
    expect([read(undefined), read('')]).toEqual([[], []]);
  });

  it('have a name, a hash and a role; a name may have several', () => {
    const text = `ada:${hash('1')}, ada:${hash('2').toUpperCase()},ops.team:${hash('3')}:operator`;
    expect(read(text)).toEqual([
      { name: 'ada', role: 'caller', digest: digestOf('1') },
      { name: 'ada', role: 'caller', digest: digestOf('2') },
      { name: 'ops.team', role: 'operator', digest: digestOf('3') },
    ]);
  });

  it.each([
    ['no hash', 'ada'],
    ['a key instead of its hash', 'ada:clewkey_1234567890'],
    ['a hash of another length', `ada:${hash('1')}00`],
    ['no name', `:${hash('1')}`],
    ['a name with a space in it', `a b:${hash('1')}`],
    ['a role that there is not', `ada:${hash('1')}:admin`],
    ['a part too many', `ada:${hash('1')}:caller:x`],
    ['nothing after a comma', `ada:${hash('1')},`],
    ['a hash that is there twice', `ada:${hash('1')},bob:${hash('1')}`],
    ['a name with two roles', `ada:${hash('1')},ada:${hash('2')}:operator`],
  ])('with %s stop the start with a sentence that gives nothing away', (_what, text) => {
    expect(() => read(text)).toThrow(ConfigurationError);
    expect(() => read(text)).toThrow(/^CLEW_API_KEYS must .*; number [12] .*\.$/);
    for (const part of text.split(/[:,]/).filter((word) => word.length > 10))
      expect(() => read(text)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(part) }),
      );
  });

  it.each(['caller', 'operator'])('are made by a script, with the role %s', (role) => {
    const script = join(repositoryRoot(), 'scripts', 'make-api-key.mjs');
    const printed = execFileSync(process.execPath, [script, 'ada', role], { encoding: 'utf8' });
    const [, key, entry] = /^key +(\S+)\nCLEW_API_KEYS +(\S+)\n$/.exec(printed)!;
    expect(readApiKeys(entry!)).toEqual([{ name: 'ada', role, digest: digestOf(key!) }]);
  });
});
