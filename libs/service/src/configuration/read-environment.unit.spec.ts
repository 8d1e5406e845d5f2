import { describe, expect, it } from '@jest/globals';
import { databaseUrlOf } from '../database/prisma-options.js';
import { ConfigurationError } from './configuration-error.js';
import { readEnvironment } from './read-environment.js';
import { ServiceEnvironment } from './service-environment.js';
import { WholeNumber } from './whole-number.js';
import { WholeNumberOrForever } from './whole-number-or-forever.js';

const servers = {
  DATABASE_URL: 'postgresql://user:secret@localhost:5432',
  AMQP_URL: 'amqp://guest:secret@localhost:5672',
};

class PatientEnvironment extends ServiceEnvironment {
  override PORT = 3001;

  @WholeNumber({ min: 10, max: 100 })
  PATIENCE_MS = 20;

  @WholeNumberOrForever({ min: 48, max: 100 })
  MEMORY_HOURS = 72;
}

describe('the environment', () => {
  it('takes defaults for what is unset or empty', () => {
    expect(readEnvironment(PatientEnvironment, { ...servers, HOST: '' })).toMatchObject({
      ...servers,
      PORT: 3001,
      HOST: '127.0.0.1',
      CLEW_NAMESPACE: 'clew',
      CLEW_DATABASE_POOL: 10,
      PATIENCE_MS: 20,
      MEMORY_HOURS: 72,
    });
  });

  it('takes what is set, and nothing that the class does not declare', () => {
    const environment = readEnvironment(PatientEnvironment, {
      ...servers,
      PORT: '0',
      PATIENCE_MS: '70',
      PATH: '/bin',
    });
    expect(environment).toMatchObject({ PORT: 0, PATIENCE_MS: 70 });
    expect(environment).not.toHaveProperty('PATH');
  });

  it.each([
    ['48', 48],
    ['forever', Infinity],
  ])('takes %s where it may be for ever', (text, value) => {
    const environment = readEnvironment(PatientEnvironment, { ...servers, MEMORY_HOURS: text });
    expect(environment.MEMORY_HOURS).toBe(value);
  });

  it.each([
    ['PORT', 'abc'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '0x10'],
    ['PORT', '1.5'],
    ['PATIENCE_MS', '9'],
    ['MEMORY_HOURS', '47'],
    ['MEMORY_HOURS', '101'],
    ['MEMORY_HOURS', 'Infinity'],
    ['MEMORY_HOURS', '72.5'],
    ['CLEW_DATABASE_POOL', '1'],
    ['CLEW_NAMESPACE', 'Clew-1'],
    ['DATABASE_URL', 'nonsense'],
    ['DATABASE_URL', 'mysql://localhost'],
    ['DATABASE_URL', undefined],
    ['AMQP_URL', 'http://localhost'],
    ['AMQP_URL', undefined],
  ])('is refused with a sentence that names %s when it is %p', (name, value) => {
    const read = () => readEnvironment(PatientEnvironment, { ...servers, [name]: value });
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(new RegExp(`^${name} must be .*\\.$`));
  });

  it('is refused with a sentence for everything that is wrong', () => {
    expect(() => readEnvironment(ServiceEnvironment, { PORT: 'x' })).toThrow(
      /^PORT .*\.\nDATABASE_URL .*\.\nAMQP_URL .*\.$/,
    );
  });

  it('never repeats a URL, as it may hold a password', () => {
    const read = () => readEnvironment(ServiceEnvironment, { ...servers, AMQP_URL: 'http://a:secret@b' });
    expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret') }));
  });

  it("names a service's own database on the server", () => {
    const environment = {
      DATABASE_URL: 'postgresql://u:p%40@h:1/postgres?sslmode=require',
      CLEW_NAMESPACE: 'try',
    };
    expect(databaseUrlOf('flights', environment)).toBe('postgresql://u:p%40@h:1/try_flights?sslmode=require');
    // No name that would have to be quoted.
    expect(databaseUrlOf('shop-stock', environment)).toContain('/try_shop_stock?');
  });
});
