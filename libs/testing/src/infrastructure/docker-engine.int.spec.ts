import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { dockerEngineAnswers } from './docker-engine.js';

const dockerHost = process.env['DOCKER_HOST'];
afterEach(() => {
  if (dockerHost === undefined) delete process.env['DOCKER_HOST'];
  else process.env['DOCKER_HOST'] = dockerHost;
});

describe('the question whether a Docker engine answers', () => {
  it('is answered with no at once where nothing listens', async () => {
    process.env['DOCKER_HOST'] = 'tcp://127.0.0.1:1';
    expect(await dockerEngineAnswers()).toBe(false);
  });

  it('is given up after two seconds where something listens that never answers', async () => {
    const blackHole = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await new Promise((resolve) => blackHole.once('listening', resolve));
    process.env['DOCKER_HOST'] = `tcp://127.0.0.1:${(blackHole.address() as AddressInfo).port}`;
    const startedAt = Date.now();
    try {
      expect(await dockerEngineAnswers()).toBe(false);
      const took = Date.now() - startedAt;
      expect(took).toBeGreaterThanOrEqual(1_990); // It did ask, and wait.
      expect(took).toBeLessThan(4_000);
    } finally {
      blackHole.close();
    }
  });
});
