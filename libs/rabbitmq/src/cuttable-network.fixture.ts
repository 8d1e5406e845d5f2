import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A network that can break: every connection at once, and every new one until it is mended. */
export class CuttableNetwork {
  #isCut = false;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((near) => {
    if (this.#isCut) return void near.destroy();
    const far = connect(this.target.port, this.target.host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.on('error', () => {});
    }
  });

  private constructor(private readonly target: { host: string; port: number }) {}

  /** @returns the network and the URL that leads through it */
  static async before(url: string): Promise<{ network: CuttableNetwork; url: string }> {
    const far = new URL(url);
    const network = new CuttableNetwork({ host: far.hostname, port: Number(far.port) });
    await new Promise<void>((resolve) => network.#server.listen(0, '127.0.0.1', resolve));
    const near = new URL(url);
    near.hostname = '127.0.0.1';
    near.port = String((network.#server.address() as AddressInfo).port);
    return { network, url: near.href };
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
