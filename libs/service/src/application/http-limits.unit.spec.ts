import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually } from '@clew/testing';
import { configureHttp, httpAdapter } from './http-application.js';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.js';

@Controller('things')
class ThingsController {
  @Get()
  list() {
    return [];
  }

  @Post()
  make(@Body() body: object) {
    return body;
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let app: NestFastifyApplication;
afterEach(() => app?.close());

async function start(limits: Partial<HttpLimits>): Promise<void> {
  const adapter = httpAdapter({ ...HTTP_LIMITS, ...limits });
  const options = { bodyParser: false, logger: false } as const;
  app = await NestFactory.create<NestFastifyApplication>(ThingsModule, adapter, options);
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
}

class Client {
  received = '';
  isConnected = false;
  isGone = false;

  private constructor(private readonly socket: Socket) {
    socket.on('connect', () => (this.isConnected = true));
    socket.on('data', (chunk) => (this.received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.isGone = true));
  }

  static async connect(text: string): Promise<Client> {
    const { port } = new URL(await app.getUrl());
    const client = new Client(connect(Number(port), '127.0.0.1'));
    await eventually(() => client.isConnected, { describe: 'a connection' });
    client.socket.write(text);
    return client;
  }

  async untilGone(): Promise<string> {
    await eventually(() => this.isGone, { within: 5_000, describe: 'the end of the connection' });
    return this.received;
  }
}

const halfOfTheHeaders = 'GET /things HTTP/1.1\r\nHost: clew\r\nAccept:';
const halfOfTheBody =
  'POST /things HTTP/1.1\r\nHost: clew\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"a"';
const asked = 'GET /things HTTP/1.1\r\nHost: clew\r\n\r\n';
const timedOut =
  /^HTTP\/1\.1 408 [^]*application\/problem\+json[^]*nosniff[^]*urn:clew:problem:request-timeout/;

describe('a client that is slow', () => {
  it('with its header fields is answered 408 and hung up on', async () => {
    await start({ headersMs: 100, checkMs: 20 });
    expect(await (await Client.connect(halfOfTheHeaders)).untilGone()).toMatch(timedOut);
  });

  it('with its body too', async () => {
    await start({ headersMs: 100, requestMs: 100, checkMs: 20 });
    expect(await (await Client.connect(halfOfTheBody)).untilGone()).toMatch(timedOut);
  });

  it.each([
    ['its header fields', halfOfTheHeaders],
    ['its body', halfOfTheBody],
  ])('with %s does not keep the server from closing', async (_what, half) => {
    await start({ leaveMs: 100 });
    const client = await Client.connect(half);
    // The server has read it by the time that it answers another.
    await fetch(`${await app.getUrl()}/things`);
    const closing = app.close();
    expect(await client.untilGone()).toBe('');
    await closing;
  });
});

describe('a connection', () => {
  it('that is idle for too long is ended', async () => {
    await start({ keepAliveMs: 50, checkMs: 20 });
    expect(await (await Client.connect(asked)).untilGone()).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('too many is hung up on, and the others are served', async () => {
    await start({ connections: 1 });
    const first = await Client.connect(asked);
    await eventually(() => first.received !== '', { describe: 'an answer' });
    expect(await (await Client.connect(asked)).untilGone()).toBe('');
    expect(first).toMatchObject({ isGone: false, received: expect.stringMatching(/^HTTP\/1\.1 200 /) });
  });
});
