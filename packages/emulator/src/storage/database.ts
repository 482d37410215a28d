import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { EmulatorError } from '../errors.js';
import { isWhole } from './columns.js';

/**
 * The number that `PRAGMA user_version` holds; a step is added to `MIGRATIONS` for every change of
 * the schema.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE item (
     seq INTEGER PRIMARY KEY,
     kind TEXT NOT NULL,
     id INTEGER NOT NULL,
     external_id TEXT,
     body TEXT NOT NULL
   );
   CREATE UNIQUE INDEX item_id ON item (kind, id);
   CREATE UNIQUE INDEX item_external_id ON item (kind, external_id) WHERE external_id IS NOT NULL;
   CREATE TABLE block (
     seq INTEGER PRIMARY KEY,
     series INTEGER NOT NULL,
     first INTEGER NOT NULL,
     last INTEGER NOT NULL,
     size INTEGER NOT NULL,
     data BLOB NOT NULL
   );
   CREATE UNIQUE INDEX block_range ON block (series, first);
   CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);`,
  `CREATE TABLE subscription_log (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     subscription INTEGER NOT NULL,
     part INTEGER NOT NULL,
     time INTEGER NOT NULL,
     request TEXT NOT NULL,
     kind TEXT NOT NULL,
     series TEXT NOT NULL,
     data BLOB NOT NULL
   );
   CREATE INDEX subscription_log_part ON subscription_log (subscription, part, seq);
   CREATE INDEX subscription_log_time ON subscription_log (time);`,
  `CREATE TABLE snapshot (name TEXT PRIMARY KEY);
   CREATE TABLE snapshot_item (
     name TEXT NOT NULL, seq INTEGER, kind TEXT, id INTEGER, external_id TEXT, body TEXT, PRIMARY KEY (name, seq)
   );
   CREATE TABLE snapshot_block (
     name TEXT NOT NULL, seq INTEGER, series INTEGER, first INTEGER, last INTEGER, size INTEGER, data BLOB, PRIMARY KEY (name, seq)
   );
   CREATE TABLE snapshot_subscription_log (
     name TEXT NOT NULL, seq INTEGER, subscription INTEGER, part INTEGER, time INTEGER, request TEXT, kind TEXT,
     series TEXT, data BLOB, PRIMARY KEY (name, seq)
   );`,
  `CREATE TABLE instance (seq INTEGER PRIMARY KEY, change INTEGER NOT NULL, body TEXT NOT NULL);
   CREATE TABLE snapshot_instance (
     name TEXT NOT NULL, seq INTEGER, change INTEGER, body TEXT, PRIMARY KEY (name, seq)
   );`,
];

const DATABASE = 'emulator.sqlite';
const EPOCH = 'epoch';

/** Rows with points, as `[place, block]`. */
const CHECKSUMMED = [
  'SELECT seq, data FROM block',
  "SELECT seq, data FROM subscription_log WHERE kind = 'upsert'",
];

export type Connection = Database.Database;
export type Statement = Database.Statement;

/**
 * The embedded database: libsql (SQLite's engine) in memory or in one file of the data folder.
 *
 * In a folder the journal is a write-ahead log with `synchronous = NORMAL`: a killed process loses
 * nothing that was acknowledged; a power cut may lose the last transactions but never half of one.
 */
export class Store {
  readonly connection: Connection;
  readonly #folder: string | undefined;
  #undo: Array<() => void> | undefined;
  #afterwards: Array<() => void> = [];

  constructor(folder: string | undefined) {
    this.connection = folder === undefined ? new Database(':memory:') : openFile(folder);
    migrate(this.connection, folder);
    this.#folder = folder;
    if (folder === undefined) return;
    try {
      this.#check();
    } catch (error) {
      abandon(this.connection);
      throw error instanceof EmulatorError ? error : this.damage((error as Error).message);
    }
  }

  /** Called when stored data differs from the written data. */
  damage(problem: string): EmulatorError {
    return new EmulatorError(broken(this.#folder ?? 'in memory', problem.replaceAll(/\s+/g, ' ')));
  }

  /** Reads everything once: damage is told at the start, and not when a request comes upon it. */
  #check(): void {
    const [[problem = 'ok'] = []] = this.connection
      .prepare('PRAGMA quick_check(1)')
      .raw()
      .all() as [string][];
    if (problem !== 'ok') throw this.damage(problem);
    for (const select of CHECKSUMMED) {
      for (const [seq, data] of this.connection.prepare(select).raw().iterate() as Iterable<
        [number, Buffer]
      >) {
        if (!isWhole(data))
          throw this.damage(`the points of block ${seq} are not those that were written`);
      }
    }
  }

  /**
   * Runs `work` in one transaction. When it throws, the callbacks that it registered with
   * {@link onRollback} run.
   */
  transaction<T>(work: () => T): T {
    if (this.#undo !== undefined) return work();
    const undo: Array<() => void> = [];
    this.connection.exec('BEGIN IMMEDIATE');
    this.#undo = undo;
    this.#afterwards = [];
    let result: T;
    try {
      result = work();
      this.connection.exec('COMMIT');
    } catch (error) {
      this.#undo = undefined;
      if (this.connection.inTransaction) this.connection.exec('ROLLBACK');
      for (const step of undo.reverse()) step();
      throw error;
    } finally {
      this.#undo = undefined;
    }
    for (const step of this.#afterwards) step();
    return result;
  }

  /** Registers work outside of the database for when the running transaction is committed. */
  onCommit(step: () => void): void {
    this.#afterwards.push(step);
  }

  /** True if a write is under way; false while one is being taken back. */
  get inTransaction(): boolean {
    return this.#undo !== undefined;
  }

  /**
   * Registers work that brings memory back in line with the database when the running transaction
   * fails.
   */
  onRollback(step: () => void): void {
    this.#undo?.push(step);
  }

  setting(name: string): string | undefined {
    const row = this.connection.prepare('SELECT value FROM setting WHERE name = ?').get(name);
    return row === undefined ? undefined : String((row as { value: unknown }).value);
  }

  saveSetting(name: string, value: string): void {
    this.connection
      .prepare('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)')
      .run(name, value);
  }

  /**
   * The id of the history of writes. It changes after everything was replaced, so that old cursors
   * do not fit.
   */
  get epoch(): string {
    return this.setting(EPOCH) ?? this.newEpoch();
  }

  /** Begins another history; runs in the transaction that replaces everything. */
  newEpoch(): string {
    const epoch = crypto.randomUUID();
    this.saveSetting(EPOCH, epoch);
    return epoch;
  }

  close(): void {
    if (!this.connection.open) return;
    // Leaving the write-ahead log gives up the exclusive lock; closing alone waits for garbage
    // collection.
    if (!this.connection.memory) release(this.connection);
    this.connection.close();
  }
}

function release(connection: Connection): void {
  connection.pragma('journal_mode = DELETE');
  connection.pragma('locking_mode = NORMAL');
  connection.prepare('SELECT count(*) FROM setting').get();
}

/** Gives up a database that cannot be used, and its lock as far as that is possible. */
function abandon(connection: Connection): void {
  try {
    release(connection);
  } catch {
    // A broken database may refuse this as well.
  }
  connection.close();
}

function openFile(folder: string): Connection {
  try {
    // A folder that exists keeps its mode: others may have things in it.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem =
      code === 'EEXIST' || code === 'ENOTDIR' ? 'it is a file; choose a folder' : message;
    throw new EmulatorError(`cannot use the data folder ${folder}: ${problem}`, { cause: error });
  }
  let connection: Connection | undefined;
  try {
    const path = join(folder, DATABASE);
    if (!existsSync(path)) makeFile(folder, path);
    if (statSync(path).size === 0) throw new EmulatorError(broken(folder, 'it is empty'));
    chmodSync(path, 0o600);
    connection = new Database(path);
    // Exclusive locking keeps a second process out, and the operating system releases it when this
    // one is killed.
    connection.pragma('locking_mode = EXCLUSIVE');
    // Rare checkpoints suit blocks of tens of kilobytes.
    connection.pragma('journal_mode = WAL');
    connection.pragma('wal_autocheckpoint = 4096');
    connection.pragma('synchronous = NORMAL');
    connection.pragma('cache_size = -65536');
    connection.exec('BEGIN IMMEDIATE; COMMIT');
    return connection;
  } catch (error) {
    if (connection !== undefined) abandon(connection);
    if (error instanceof EmulatorError) throw error;
    throw new EmulatorError(openFailure(folder, error as Error & { code?: string }), {
      cause: error,
    });
  }
}

/**
 * A database is made beside and linked to its name when it is whole, so that an empty file under
 * that name is never the work of a kill. When another process was quicker, its database stays.
 */
function makeFile(folder: string, path: string): void {
  const beside = join(folder, `${DATABASE}.${crypto.randomUUID()}.new`);
  // SQLite gives its journals the mode of the database.
  closeSync(openSync(beside, 'wx', 0o600));
  const connection = new Database(beside);
  try {
    // Large pages suit blocks of tens of kilobytes; they are chosen before anything is stored.
    connection.pragma('page_size = 16384');
    migrate(connection, folder);
  } finally {
    connection.close();
  }
  try {
    linkSync(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

function broken(folder: string, problem: string): string {
  return `the data folder ${folder} holds a broken ${DATABASE} (${problem}); move it away or choose another folder`;
}

function openFailure(folder: string, error: Error & { code?: string }): string {
  if (String(error.code).startsWith('SQLITE_BUSY')) {
    return `the data folder ${folder} is used by another process; stop that one or choose another folder`;
  }
  if (error.code === 'SQLITE_NOTADB' || error.code === 'SQLITE_CORRUPT') {
    return broken(folder, error.message);
  }
  return `cannot open the data folder ${folder}: ${error.message}`;
}

function migrate(connection: Connection, folder: string | undefined): void {
  try {
    const rows = connection.prepare('PRAGMA user_version').all() as Array<{ user_version: number }>;
    const version = rows[0]?.user_version ?? 0;
    if (version > MIGRATIONS.length) {
      throw new EmulatorError(
        `the data folder ${folder} was written by a newer emulator (schema ${version}, this one knows ${MIGRATIONS.length})`,
      );
    }
    for (let step = version; step < MIGRATIONS.length; step += 1) {
      connection.exec(
        `BEGIN IMMEDIATE; ${MIGRATIONS[step]} PRAGMA user_version = ${step + 1}; COMMIT`,
      );
    }
  } catch (error) {
    connection.close();
    if (error instanceof EmulatorError) throw error;
    throw new EmulatorError(openFailure(folder ?? ':memory:', error as Error), { cause: error });
  }
}
