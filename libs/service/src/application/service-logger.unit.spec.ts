import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ServiceLogger } from './service-logger.js';

const secret = 'amqp://clew:hunter2@rabbit for ada@example.org';
const left = 'amqp://clew:***@rabbit for a***@example.org';

describe('what a service logs', () => {
  let written: string;
  let terminal: PropertyDescriptor | undefined;

  beforeEach(() => {
    written = '';
    terminal = Object.getOwnPropertyDescriptor(process.stdout, 'isTTY');
    for (const stream of [process.stdout, process.stderr])
      jest.spyOn(stream, 'write').mockImplementation((text) => {
        written += String(text);
        return true;
      });
  });

  afterEach(() => {
    jest.restoreAllMocks();
    if (terminal) Object.defineProperty(process.stdout, 'isTTY', terminal);
    else delete (process.stdout as { isTTY?: boolean }).isTTY;
  });

  it.each<[what: string, write: (logger: ServiceLogger) => void]>([
    ['a line', (logger) => logger.log(secret, 'Http')],
    ['a warning', (logger) => logger.warn(secret)],
    ['an error with its stack', (logger) => logger.error('It failed', new Error(secret).stack)],
    ['an error', (logger) => logger.error(new Error(secret))],
    ['the error that ends it', (logger) => logger.fatal(`Uncaught exception: ${new Error(secret).stack}`)],
    ['an object', (logger) => logger.log({ url: secret })],
    ['several messages', (logger) => logger.log('one', secret, 'Http')],
  ])('has no secret in %s', (_what, write) => {
    write(new ServiceLogger('flights'));
    expect(written).toContain(left);
    expect(written).not.toMatch(/hunter2|ada@/);
  });

  it('has its colours on a terminal all the same', () => {
    Object.defineProperty(process.stdout, 'isTTY', { value: true, configurable: true });
    new ServiceLogger('flights').log('ada@example.org');
    // eslint-disable-next-line no-control-regex
    expect(written).toMatch(/\u001b\[32ma\*\*\*@example\.org\u001b/);
  });

  it('is not how Nest puts the application together', () => {
    new ServiceLogger('flights').log('AppModule dependencies initialized', 'InstanceLoader');
    expect(written).toBe('');
  });
});
