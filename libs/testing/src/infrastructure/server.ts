/** Where a server came from, which decides who may stop it. */
export type ServerKind = 'given' | 'container' | 'private';

/** One server that Clew may use. */
export interface Server {
  readonly name: 'PostgreSQL' | 'RabbitMQ';
  readonly kind: ServerKind;
  /** With user and password: don't print it. */
  readonly url: string;
  /** One line for people, without the password. */
  describe(): string;
  /** Stops it if we started it. Whatever a private server has on disk stays. */
  stop(): Promise<void>;
  /** Starts a private server again, after `stop` or `kill9`: same port, same data. Resolves once it answers. */
  start(): Promise<void>;
  /** SIGKILL for a private server, as in a crash. Resolves once it is gone. */
  kill9(): Promise<void>;
  /** Called with what happened when a private server ends without having been told to. */
  onUnexpectedEnd(listener: (what: string) => void): void;
}

export type Log = (line: string) => void;

/** A server that this process doesn't run itself: there is nothing to start, and nothing may be killed. */
export function foreignServer(
  server: Pick<Server, 'name' | 'kind' | 'url'> & { description: string; stop?: () => Promise<void> },
): Server {
  const { name, kind, url, description, stop } = server;
  const refuse = (): Promise<never> =>
    Promise.reject(
      new Error(
        `${name} is no private process here (${description}): only those are killed or started again.`,
      ),
    );
  return {
    name,
    kind,
    url,
    describe: () => `${name}: ${description}`,
    stop: stop ?? (() => Promise.resolve()),
    start: refuse,
    kill9: refuse,
    onUnexpectedEnd: () => undefined,
  };
}

/** `host:port/path` of a server's URL, fit for printing. */
export function withoutCredentials(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname === '/' ? '' : pathname}`;
}
