import { createServer } from 'node:net';

// Below the range that the operating system hands to outgoing connections (32768 and up on Linux, 49152 and up
// elsewhere): a client that keeps dialling a server which is down would sooner or later be given the server's own port
// as its source, and then nobody can listen on it.
const lowest = 17_000;
const highest = 31_999;

/** Ports on 127.0.0.1 that nothing listens on right now, all different. Nothing reserves them. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries += 1) {
    if (tries > 500) throw new Error(`No ${count} free ports between ${lowest} and ${highest} on 127.0.0.1.`);
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1));
    if (!ports.has(port) && (await isPortFree(port))) ports.add(port);
  }
  return [...ports];
}

/** Whether nothing listens on this port, neither on 127.0.0.1 nor on all addresses. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await canListen({ port, host: '127.0.0.1' })) && (await canListen({ port }));
}

function canListen(address: { port: number; host?: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ ...address, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
