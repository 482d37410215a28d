import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';

/** How long an idle connection stays open where the server says nothing of it. `fetch` has the same. @unit milliseconds */
const IDLE_MS = 4000;
/** The most, whatever the server says. */
const LONGEST_IDLE_MS = 600_000;
/** So much before the server closes a connection it is not used any more. */
const MARGIN_MS = 2000;

/** Connections by protocol: each is used again, and an idle one keeps no program alive. */
export interface Agents {
  readonly plain: http.Agent;
  readonly secure: https.Agent;
  /** Heeds the `Keep-Alive` of an answer. */
  answered(request: ClientRequest, answer: IncomingMessage): void;
}

export function openAgents(): Agents {
  const idleMs = new WeakMap<Duplex, number>();
  const keepFor = <Agent extends http.Agent>(agent: Agent): Agent => {
    const keep = agent.keepSocketAlive.bind(agent);
    agent.keepSocketAlive = (socket) => {
      const longest = idleMs.get(socket) ?? IDLE_MS;
      if (longest <= 0) return false;
      const isKept = keep(socket);
      (socket as import('node:net').Socket).setTimeout(longest);
      return isKept;
    };
    return agent;
  };
  const options = { keepAlive: true, timeout: IDLE_MS };
  return {
    plain: keepFor(new http.Agent(options)),
    secure: keepFor(new https.Agent(options)),
    answered({ socket }, { headers }) {
      const [, seconds] = /timeout=(\d+)/.exec(String(headers['keep-alive'])) ?? [];
      if (socket === null) return;
      if (seconds === undefined) idleMs.delete(socket);
      else idleMs.set(socket, Math.min(Number(seconds) * 1000 - MARGIN_MS, LONGEST_IDLE_MS));
    },
  };
}
