import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectSocket, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { deleteTopology, queueOf } from '@clew/rabbitmq';
import type { Sagas } from '@clew/saga';
import { eventually } from '@clew/testing';
import type { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { QueueStates } from './queue-states.js';

const amqpUrl = process.env['CLEW_TEST_AMQP_URL']!;
const routes = { queues: ['flights.commands', 'hotels.commands'] };

/** A way to the broker on which connections are counted, and that can be shut. */
class CountedWay {
  connections = 0;
  isShut = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((near) => {
    this.connections += 1;
    if (this.isShut) return void near.destroy();
    const { hostname, port } = new URL(amqpUrl);
    const far = connectSocket(Number(port || 5672), hostname);
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => [near, far].forEach((one) => one.destroy()));
    }
    near.pipe(far).pipe(near);
  });

  async open(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(amqpUrl);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await once(this.server.close(), 'close');
  }
}

describe('the states of queues', () => {
  const topology = { ...routes, namespace: `states_${randomBytes(5).toString('hex')}` };
  let way: CountedWay;
  let states: QueueStates;
  let connection: ChannelModel;
  let channel: Channel;

  beforeEach(async () => {
    connection = await connect(amqpUrl);
    channel = await connection.createChannel();
    await channel.assertQueue(queueOf(topology, 'flights.commands'), { durable: true });
    way = new CountedWay();
    const environment = { AMQP_URL: await way.open(), CLEW_NAMESPACE: topology.namespace };
    states = new QueueStates(environment as OrchestratorEnvironment, { routes } as unknown as Sagas);
  });
  afterEach(async () => {
    await way.close();
    await connection.close();
    await deleteTopology(amqpUrl, topology);
  });

  const messages = async () => (await states.now()).get('flights.commands')?.messages;
  const send = () => channel.sendToQueue(queueOf(topology, 'flights.commands'), Buffer.from('{}'));

  it('are told of those that are there', async () => {
    expect([...(await states.now()).keys()]).toEqual(['flights.commands']);
  });

  it('are looked up once for all who ask at a time, and within a second after that', async () => {
    expect(new Set(await Promise.all(Array.from({ length: 50 }, messages)))).toEqual(new Set([0]));
    send();
    expect(await messages()).toBe(0);
    expect(way.connections).toBe(1);
  });

  it('are looked up anew later', async () => {
    expect(await messages()).toBe(0);
    send();
    await eventually(async () => (await messages()) === 1, { every: 10, describe: 'the message to be seen' });
    expect(way.connections).toBe(2);
  });

  it('are not known while the broker is away, which is tried as seldom then, and known when it is back', async () => {
    way.isShut = true;
    for (let time = 0; time < 20; time += 1) await expect(states.now()).rejects.toThrow();
    expect(way.connections).toBe(1);
    way.isShut = false;
    await eventually(async () => (await messages()) === 0, { every: 10, describe: 'the broker to be asked' });
    expect(way.connections).toBe(2);
  });
});
