import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toArquero, warmestDays } from './arquero.js';
import { queryParquet } from './duckdb.js';
import { sampleTable } from './sample.js';

const table = await sampleTable();
console.log(`${table.length} rows of ${[...table.columns.keys()].join(' and ')}\n`);

console.log('Arquero');
toArquero(table).slice(0, 3).print();
console.table(warmestDays(table, 'outdoor temperature'));

const folder = await mkdtemp(join(tmpdir(), 'tables-'));
console.log('\nDuckDB over Parquet');
console.table(
  await queryParquet(
    table,
    join(folder, 'points.parquet'),
    `select date_trunc('day', timestamp)::varchar as day, avg("outdoor temperature") as mean, count(valve) as valve
     from points group by 1 order by mean desc`,
  ),
);
await rm(folder, { recursive: true });
