import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually, freePorts } from '@clew/testing';
import { AppProcess, type Environment } from '../e2e/support/app-process.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { trip } from '../e2e/support/trip.js';

const OPERATOR_KEY = 'open-sesame-1234';

/** The URL with another password. */
function withPassword(url: string, password: string): string {
  const changed = new URL(url);
  changed.password = password;
  return changed.href;
}

describe('what the apps write', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    const orchestrator = { CLEW_OPERATOR_KEY: OPERATOR_KEY };
    system = await RunningSystem.start({ environment: { orchestrator } });
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  it('has no address of a traveller, though a bug has it in its message, and no key of an operator', async () => {
    const gateway = system.gateway();
    const wrong = await gateway.post(trip({ traveller: { email: 'grace@example.org', name: '' } }));
    expect(wrong.status).toBe(400);
    const authorization = `Bearer ${OPERATOR_KEY}`;
    expect((await gateway.get('/operations/sagas', { authorization })).status).toBe(200);
    await system.databases.rows(
      'orchestrator',
      `CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'amqp://u:hunter2@h "${authorization}": %', NEW.input USING ERRCODE = 'XX999'; END $$;
       CREATE TRIGGER broken BEFORE INSERT ON saga_instance FOR EACH ROW EXECUTE FUNCTION broken()`,
    );
    const failed = await gateway.post(trip({ traveller: { email: 'grace@example.org' } }), { authorization });
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toMatch(/hunter2|grace|sesame|broken/);
    await eventually(() => system.logs().includes('g***@example.org'), { describe: 'the bug in the log' });
    expect(system.logs()).toContain('amqp://u:***@h "Bearer ***"');
    expect(system.logs()).not.toMatch(/hunter2|grace@|sesame/);
  });

  it('has no password of a broker or a database that refuses it', async () => {
    const app = await appWith({ CLEW_NAMESPACE: 'nowhere' });
    app.start({
      AMQP_URL: withPassword(system.servers.amqpUrl, 'hunter2'),
      DATABASE_URL: withPassword(system.servers.databaseUrl, 'hunter2'),
    });
    const wrote = (pattern: RegExp) =>
      eventually(() => pattern.test(app.log.join('\n')), { describe: `${pattern} in the log` });
    try {
      await wrote(/Listening/);
      await wrote(/refuse/i);
      const night = 'hotelId=HOTEL-1&checkIn=2027-05-01&checkOut=2027-05-02';
      const answer = await fetch(`${app.url}/availability?${night}`);
      expect([500, 503]).toContain(answer.status);
      expect(await answer.text()).not.toContain('hunter2');
      await wrote(/\[Http\]/);
      expect(app.log.join('\n')).not.toContain('hunter2');
    } finally {
      await app.destroy();
    }
  });

  const wrongSettings = [
    ['DATABASE_URL', 'postgresql//clew:hunter2@localhost'],
    ['AMQP_URL', 'amqp://clew:hunter2@'],
    ['PORT', 'amqp://clew:hunter2@localhost'],
  ] as const;
  for (const [name, value] of wrongSettings)
    it(`has the name of ${name} when that is wrong, and no password that is in it`, async () => {
      const app = await appWith({});
      app.start({ [name]: value });
      expect(await app.untilDead()).toMatchObject({ code: 1 });
      expect(app.log.join('\n')).toMatch(new RegExp(`^${name} must be `, 'm'));
      expect(app.log.join('\n')).not.toContain('hunter2');
    });

  async function appWith(environment: Environment): Promise<AppProcess> {
    const [port] = await freePorts(1);
    const { databaseUrl, amqpUrl } = system.servers;
    return new AppProcess('hotels', port!, { DATABASE_URL: databaseUrl, AMQP_URL: amqpUrl, ...environment });
  }
});
