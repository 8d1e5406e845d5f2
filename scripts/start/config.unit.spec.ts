import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { assignPorts, ConfigError, readConfig } from './config.js';

const portsOf = (env: NodeJS.ProcessEnv) => readConfig(env).apps.map(({ name, port }) => [name, port]);

describe('the configuration of npm start', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      dataDir: resolve('.data'),
      namespace: 'clew',
      databaseUrl: undefined,
      amqpUrl: undefined,
    });
    expect(portsOf({})).toEqual([
      ['orchestrator', 3000],
      ['flights', 3001],
      ['hotels', 3002],
      ['cars', 3003],
      ['shop-stock', undefined],
      ['shop-payments', undefined],
      ['shop-delivery', undefined],
    ]);
  });

  it('takes what the environment says', () => {
    const env = {
      CARS_PORT: '4003',
      SHOP_STOCK_PORT: '4004',
      CLEW_DATA_DIR: '/var/lib/clew',
      CLEW_NAMESPACE: 'blue_2',
      DATABASE_URL: 'postgres://u:p@db:5432',
      AMQP_URL: 'amqps://u:p@mq/vhost',
    };
    expect(readConfig(env)).toMatchObject({
      dataDir: '/var/lib/clew',
      namespace: 'blue_2',
      databaseUrl: 'postgres://u:p@db:5432',
      amqpUrl: 'amqps://u:p@mq/vhost',
    });
    expect(portsOf(env).slice(3, 5)).toEqual([
      ['cars', 4003],
      ['shop-stock', 4004],
    ]);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(portsOf({ PORT: '' })[0]).toEqual(['orchestrator', 3000]);
    expect(readConfig({ AMQP_URL: '', CLEW_NAMESPACE: '' })).toMatchObject({
      amqpUrl: undefined,
      namespace: 'clew',
    });
  });

  it.each(['0', '65536', '-1', '3000.5', 'http', '3000 ', '1e3'])('refuses the port "%s"', (port) => {
    expect(() => readConfig({ HOTELS_PORT: port })).toThrow(
      `HOTELS_PORT is "${port}"; it has to be a port, 1 to 65535.`,
    );
  });

  it('refuses the same port for two apps, a default included', () => {
    expect(() => readConfig({ PORT: '3002' })).toThrow(
      'PORT and HOTELS_PORT are both 3002; each app needs its own.',
    );
  });

  it.each(['Clew', '1st', 'a-b', 'a'.repeat(32)])('refuses the namespace "%s"', (namespace) => {
    expect(() => readConfig({ CLEW_NAMESPACE: namespace })).toThrow(`CLEW_NAMESPACE is "${namespace}"`);
  });

  it('refuses a URL of the wrong kind without repeating it, as it may hold a password', () => {
    const read = () => readConfig({ DATABASE_URL: 'mysql://u:secret@db', AMQP_URL: 'localhost:5672' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow('DATABASE_URL has to be a URL that begins with postgresql:// or postgres://.');
    expect(read).toThrow('AMQP_URL has to be a URL that begins with amqp:// or amqps://.');
    expect(read).not.toThrow('secret');
  });

  it('gives apps without a port one that is free and meant for no other', () => {
    const { apps } = readConfig({ SHOP_STOCK_PORT: '17001' });
    const placed = assignPorts(apps, [17_001, 17_002, 3_000, 17_003, 17_004]);
    expect(placed.map(({ port }) => port)).toEqual([3000, 3001, 3002, 3003, 17_001, 17_002, 17_003]);
  });

  it('names everything that is wrong at once', () => {
    expect(() => readConfig({ PORT: 'x', CARS_PORT: 'y' })).toThrow(/PORT is "x".*\nCARS_PORT is "y"/);
  });
});
