import { setTimeout as delay } from 'node:timers/promises';
import { Refused, Unusable } from './exit.js';

const PATIENCE_MS = 30_000;
/** How often it is asked again when told to come back later. */
const RETURNS = 10;
const LONGEST_WAIT_S = 5;

interface Problem {
  readonly detail?: string;
}

/** An HTTP API of Clew. What it answers is JSON; what it refuses comes as an error that says what to do. */
export class HttpApi {
  readonly url: string;

  /** @param name by which people know it: the gateway, `flights`, … */
  constructor(
    url: string,
    private readonly name: string,
    private readonly key: string | undefined,
  ) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw new Unusable(`"${url}" is no URL of ${name}. Give one like http://127.0.0.1:3000.`);
    this.url = url.replace(/\/+$/, '');
  }

  /** Whether it is asked with a key. */
  get hasKey(): boolean {
    return this.key !== undefined;
  }

  get<Body>(path: string): Promise<Body> {
    return this.json<Body>('GET', path);
  }

  post<Body>(path: string, body: object): Promise<Body> {
    return this.json<Body>('POST', path, body);
  }

  /** `undefined` where there is nothing. */
  async find<Body>(path: string): Promise<Body | undefined> {
    const response = await this.ask('GET', path);
    return response.status === 404 ? undefined : this.read<Body>(response, `GET ${path}`);
  }

  /** The answer to a request, whatever it is; one that says when to come back is asked for again. */
  async ask(method: string, path: string, body?: object): Promise<Response> {
    for (let returns = 0; ; returns += 1) {
      const response = await this.send(method, path, body);
      const later = response.headers.get('retry-after');
      const isForLater = response.status === 429 || response.status === 503;
      if (!isForLater || !later || returns === RETURNS) return response;
      await response.body?.cancel();
      // A date instead of seconds is as good as soon.
      const seconds = /^\d+$/.test(later) ? Number(later) : 1;
      await delay(1_000 * Math.min(seconds, LONGEST_WAIT_S));
    }
  }

  private async json<Body>(method: string, path: string, body?: object): Promise<Body> {
    return this.read<Body>(await this.ask(method, path, body), `${method} ${path}`);
  }

  private async send(method: string, path: string, body?: object): Promise<Response> {
    try {
      return await fetch(`${this.url}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(this.key && { authorization: `Bearer ${this.key}` }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = cause instanceof Error && cause.message ? cause.message : message;
      throw new Unusable(
        `${this.name} can't be reached at ${this.url} (${reason}). Start it with npm start, or say where it is with --url or --participant.`,
      );
    }
  }

  private async read<Body>(response: Response, what: string): Promise<Body> {
    if (response.ok) return (await response.json()) as Body;
    const { detail } = (await response.json().catch(() => ({}))) as Problem;
    const sentence = detail ?? `${this.name} answered ${what} with ${response.status}.`;
    if (response.status === 401)
      throw new Unusable(
        `${this.name}: ${sentence} Give the key it was started with as CLEW_OPERATOR_KEY, or with --key.`,
      );
    if (response.status >= 500)
      throw new Unusable(
        `${this.name} answered ${what} with ${response.status}: ${sentence} Its log says why.`,
      );
    throw new Refused(sentence);
  }
}
