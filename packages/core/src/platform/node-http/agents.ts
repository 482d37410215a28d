import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
// Not the global one, which tests replace.
import { setImmediate } from 'node:timers';

/**
 * How long an idle connection stays open unless the server sets a time. `fetch` has the same.
 *
 * @unit milliseconds
 */
const IDLE_MS = 4000;
/** How long each request to a host waits that has lost one. @unit milliseconds */
const CAREFUL_MS = 60_000;
const OPTIONS = { keepAlive: true, timeout: IDLE_MS };
/** The longest idle time, whatever the server says. */
const LONGEST_IDLE_MS = 600_000;
/** So much before the server closes a connection it is not used any more. */
const MARGIN_MS = 2000;

export interface Protocol {
  /** Programs that trace requests replace its members. */
  readonly module: Pick<typeof http, 'request'>;
  readonly agent: http.Agent;
}

/**
 * The connections of this program, as those of `fetch`: a program that makes a client for each of
 * its own requests connects once. An idle one keeps no program alive, and ends with the client that
 * used it last.
 */
export class Agents {
  readonly #plain: Protocol = { module: http, agent: this.#prepare(new http.Agent(OPTIONS)) };
  #secure: Promise<Protocol> | undefined;
  readonly #agents = [this.#plain.agent];
  readonly #idleMs = new WeakMap<Duplex, number>();
  readonly #users = new WeakMap<Duplex, object>();
  readonly #closed = new WeakSet<object>();
  readonly #losses = new Map<string, number>();
  /** Idle for less than two turns of the event loop. */
  readonly #unrested = new Map<Duplex, Promise<void>>();
  #rest: Promise<void> | undefined;

  /** TLS is loaded with the first request that needs it. */
  protocol(isSecure: boolean): Protocol | Promise<Protocol> {
    if (!isSecure) return this.#plain;
    this.#secure ??= import('node:https').then(({ default: https }) => {
      const agent = this.#prepare(new https.Agent(OPTIONS));
      this.#agents.push(agent);
      return { module: https, agent };
    });
    return this.#secure;
  }

  /**
   * True for a request that needs a rested connection: a server may close one with its answer
   * without announcing it. A request on it would be lost, and it would be unknown whether the server
   * received it. Requests that may be repeated take any, unless one was lost to the host in the last
   * minute.
   */
  isCareful(host: string, idempotent: boolean): boolean {
    return !idempotent || performance.now() - (this.#losses.get(host) ?? -Infinity) < CAREFUL_MS;
  }

  /** Resolves when the connection that became idle last has rested. */
  get rest(): Promise<void> | undefined {
    return this.#rest;
  }

  /** Opens a request on a connection that has rested, or on a new one. */
  onRested(agent: http.Agent, open: () => ClientRequest): ClientRequest {
    const idle = agent.freeSockets as Record<string, Socket[] | undefined>;
    // Those that became idle while the request waited.
    const young = Object.entries(idle).map(([name, sockets = []]) => {
      idle[name] = sockets.filter((socket) => !this.#unrested.has(socket));
      return [name, sockets.filter((socket) => this.#unrested.has(socket))] as const;
    });
    try {
      return open();
    } finally {
      for (const [name, sockets] of young) {
        idle[name] = [...(idle[name] ?? []), ...sockets];
        if (idle[name].length === 0) delete idle[name];
      }
    }
  }

  /** A request to a host was lost on a connection that had been idle. */
  lost(host: string): void {
    this.#losses.set(host, performance.now());
  }

  /**
   * Heeds the `Keep-Alive` of an answer.
   *
   * @param user whose connection it is until another uses it
   */
  answered(user: object, { socket }: ClientRequest, { headers }: IncomingMessage): void {
    if (socket === null) return;
    this.#users.set(socket, user);
    const [, seconds] = /timeout=(\d+)/.exec(String(headers['keep-alive'])) ?? [];
    if (seconds === undefined) this.#idleMs.delete(socket);
    else this.#idleMs.set(socket, Math.min(Number(seconds) * 1000 - MARGIN_MS, LONGEST_IDLE_MS));
  }

  /** Closes the idle connections of a user, and those of its own that become idle later. */
  close(user: object): void {
    this.#closed.add(user);
    for (const { freeSockets } of this.#agents)
      for (const socket of Object.values(freeSockets).flatMap((each) => each ?? []))
        if (this.#users.get(socket) === user) socket.destroy();
  }

  #prepare<Agent extends http.Agent>(agent: Agent): Agent {
    const keep = agent.keepSocketAlive.bind(agent);
    const reuse = agent.reuseSocket.bind(agent);
    agent.keepSocketAlive = (socket) => {
      const longest = this.#idleMs.get(socket) ?? IDLE_MS;
      if (longest <= 0 || this.#closed.has(this.#users.get(socket) ?? this)) return false;
      const isKept = keep(socket);
      (socket as Socket).setTimeout(longest);
      // Node would take it for the answer to the next request.
      socket.on('data', endUnasked);
      // Twice: the first comes before the loop asks for events.
      const rest = new Promise<void>((resolve) => {
        setImmediate(() => setImmediate(resolve));
      }).then(() => {
        // It may have been used meanwhile, and be idle again.
        if (this.#unrested.get(socket) === rest) this.#unrested.delete(socket);
      });
      this.#unrested.set(socket, rest);
      this.#rest = rest;
      return isKept;
    };
    agent.reuseSocket = (socket, request) => {
      socket.off('data', endUnasked);
      reuse(socket, request);
    };
    return agent;
  }
}

/** Bytes on an idle connection answer no request. */
function endUnasked(this: Duplex): void {
  this.destroy();
}
