import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ZeroSocket } from './zeromq.js';

/** The output of a cell: its type, and its content in each format. */
export interface Shown {
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

interface Message {
  readonly type: string;
  readonly parent: string | undefined;
  readonly content: Record<string, unknown>;
}

/** A kernel in a process of its own, and the client that a notebook would be. */
export class Kernel {
  readonly #child: ChildProcess;
  readonly #shell: ZeroSocket;
  readonly #published: ZeroSocket;
  readonly #key: string;

  private constructor(child: ChildProcess, shell: ZeroSocket, published: ZeroSocket, key: string) {
    this.#child = child;
    this.#shell = shell;
    this.#published = published;
    this.#key = key;
  }

  /** `command` with the path of a connection file at its end starts the kernel. */
  static async start(command: readonly [string, ...string[]], folder: string): Promise<Kernel> {
    const [shell, iopub, stdin, control, heartbeat] = (await freePorts(5)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const key = randomUUID();
    const file = join(folder, 'connection.json');
    const ports = {
      shell_port: shell,
      iopub_port: iopub,
      stdin_port: stdin,
      control_port: control,
      hb_port: heartbeat,
    };
    await writeFile(
      file,
      JSON.stringify({
        transport: 'tcp',
        ip: '127.0.0.1',
        signature_scheme: 'hmac-sha256',
        key,
        kernel_name: 'deno',
        ...ports,
      }),
    );
    const [program, ...rest] = command;
    const environment = {
      ...process.env,
      DENO_DIR: join(folder, 'deno'),
      DENO_NO_UPDATE_CHECK: '1',
      NO_COLOR: '1',
    };
    const child = spawn(program, [...rest, file], {
      env: environment,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    let complaint = '';
    child.stderr?.on('data', (text) => {
      complaint += text;
    });
    const open = async (port: number, type: 'DEALER' | 'SUB'): Promise<ZeroSocket> => {
      for (;;) {
        if (child.exitCode !== null) throw new Error(`the kernel ended: ${complaint}`);
        try {
          return await ZeroSocket.open(port, type);
        } catch {
          // The kernel is still starting, or being fetched; the test's time limit ends this.
          await setTimeout(100);
        }
      }
    };
    const kernel = new Kernel(child, await open(shell, 'DEALER'), await open(iopub, 'SUB'), key);
    // A subscription takes effect some time after it was sent: ask until an answer is published.
    while (kernel.#published.waiting === 0) {
      kernel.#send('kernel_info_request', {});
      await kernel.#shell.receive();
    }
    return kernel;
  }

  /** Runs a cell, and gives what it shows. @throws {Error} what the cell threw. */
  async run(code: string): Promise<Shown[]> {
    const id = this.#send('execute_request', {
      code,
      silent: false,
      store_history: true,
      allow_stdin: false,
      user_expressions: {},
    });
    const shown: Shown[] = [];
    for (;;) {
      const { type, parent, content } = parse(await this.#published.receive());
      if (parent !== id) continue;
      if (type === 'error')
        throw new Error(`${content.ename}: ${content.evalue}\n${content.traceback}`);
      if ('data' in content) shown.push({ type, data: content.data as Record<string, string> });
      if (type === 'status' && content.execution_state === 'idle') return shown;
    }
  }

  stop(): void {
    this.#shell.close();
    this.#published.close();
    // With what it started itself.
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
  }

  #send(type: string, content: object): string {
    const id = randomUUID();
    const header = {
      msg_id: id,
      session: 'test',
      username: 'test',
      date: new Date().toISOString(),
      msg_type: type,
      version: '5.3',
    };
    const parts = [header, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
    const signature = createHmac('sha256', this.#key).update(Buffer.concat(parts)).digest('hex');
    this.#shell.send([Buffer.from('<IDS|MSG>'), Buffer.from(signature), ...parts]);
    return id;
  }
}

function parse(frames: readonly Buffer[]): Message {
  const at = frames.findIndex((frame) => frame.equals(Buffer.from('<IDS|MSG>')));
  const [header, parent, , content] = frames
    .slice(at + 2, at + 6)
    .map((frame) => JSON.parse(frame.toString()));
  return { type: header.msg_type, parent: parent.msg_id, content };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
