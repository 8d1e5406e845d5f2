import { connect, type Socket } from 'node:net';

/** What a request was answered with. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** When it was sent, by this machine's clock. */
  readonly sentAt: number;
  /** Milliseconds until its answer was there. */
  readonly ms: number;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly sentAt: number;
  readonly startedAt: number;
}

/**
 * Sends requests that are bytes already, over connections that are kept, one at a time on each. It knows as much of HTTP as
 * the gateways' answers need (a status and a body of a known length): whoever makes the load is to leave the cores to the apps.
 */
export class HttpCaller {
  private readonly free: Connection[] = [];
  private readonly connections: Connection[] = [];

  private constructor() {}

  /** Opens so many connections, evenly to each of the gateways. */
  static async open(urls: readonly string[], connections: number): Promise<HttpCaller> {
    const caller = new HttpCaller();
    for (let n = 0; n < connections; n++)
      caller.connections.push(await Connection.open(urls[n % urls.length]!));
    caller.free.push(...caller.connections);
    return caller;
  }

  /** How many requests can be sent at once. */
  get room(): number {
    return this.free.length;
  }

  /** @throws Error when there is no room, or when the gateway hangs up */
  async send(request: Buffer): Promise<Answer> {
    const connection = this.free.shift();
    if (!connection) throw new Error('Every connection has a request under way.');
    const answer = await connection.send(request);
    this.free.push(connection);
    return answer;
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }
}

class Connection {
  private waiting: Waiting | undefined;
  private received = '';
  private socket: Socket;

  private constructor(
    private readonly url: string,
    socket: Socket,
  ) {
    this.socket = this.listenTo(socket);
  }

  static async open(url: string): Promise<Connection> {
    return new Connection(url, await connectTo(url));
  }

  /** Over a new connection if the gateway has closed this one, as it does when nothing was asked for a while. */
  async send(request: Buffer): Promise<Answer> {
    const sent = { sentAt: Date.now(), startedAt: performance.now() };
    if (this.socket.closed) this.socket = this.listenTo(await connectTo(this.url));
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject, ...sent };
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private listenTo(socket: Socket): Socket {
    socket.setNoDelay(true);
    socket.setEncoding('latin1'); // A character is a byte, so that a length in bytes is one in characters.
    socket.on('data', (chunk: string) => this.read(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('The gateway has hung up.')));
    return socket;
  }

  private read(chunk: string): void {
    this.received += chunk;
    const headEnds = this.received.indexOf('\r\n\r\n');
    if (headEnds < 0) return;
    const head = this.received.slice(0, headEnds);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined) return this.fail(new Error(`An answer of no known length: ${head}`));
    const body = this.received.slice(headEnds + 4);
    if (body.length < Number(length)) return;
    this.received = '';
    const { resolve, sentAt, startedAt } = this.waiting!;
    this.waiting = undefined;
    resolve({ status: Number(head.slice(9, 12)), body, sentAt, ms: performance.now() - startedAt });
  }

  private fail(error: Error): void {
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}

function connectTo(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket.off('error', reject)));
  });
}
