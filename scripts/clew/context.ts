import { userInfo } from 'node:os';
import { Unusable } from './exit.js';
import { HttpApi } from './http-api.js';
import { terminal, type Terminal } from './terminal.js';

/** What every command may be told. */
export interface GlobalOptions {
  readonly url: string;
  readonly key?: string;
  readonly json?: boolean;
  readonly participant: readonly string[];
}

interface SystemDescription {
  readonly participants: readonly { readonly name: string; readonly url: string }[];
  readonly sagaRetentionHours: number | null;
}

/** Whom a command asks, and where it speaks. */
export interface Context {
  readonly terminal: Terminal;
  readonly gateway: HttpApi;
  /** The participants, by name, as the call says or else as the gateway does; and what else the gateway says of the system. */
  readonly system: () => Promise<{ participants: ReadonlyMap<string, HttpApi>; retentionMs: number }>;
}

export function contextOf({ url, key, json = false, participant }: GlobalOptions): Context {
  const gateway = new HttpApi(url, 'The gateway', key);
  return {
    terminal: terminal(json),
    gateway,
    system: async () => {
      const { participants, sagaRetentionHours } = await gateway.get<SystemDescription>('/operations/system');
      const named = participant.length > 0 ? participant.map(addressOf) : participants;
      if (named.length === 0)
        throw new Unusable(
          'Nobody says where the participants are. Start the gateway with CLEW_PARTICIPANTS=flights=http://…,hotels=…, or name each with --participant flights=http://….',
        );
      return {
        participants: new Map(named.map((each) => [each.name, new HttpApi(each.url, each.name, key)])),
        retentionMs: sagaRetentionHours === null ? Infinity : sagaRetentionHours * 3_600_000,
      };
    },
  };
}

/** Who does it, unless it is said. */
export function operatingUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // An id that no user has, as in many containers.
  }
}

function addressOf(text: string): { name: string; url: string } {
  const [, name, url] = /^([a-z][a-z0-9-]*)=(\S+)$/.exec(text) ?? [];
  if (!name || !url)
    throw new Unusable(`--participant is "${text}"; it has to be like flights=http://127.0.0.1:3001.`);
  return { name, url };
}
