// The emulator for pages of one origin; says where it is on one line and stays until its input
// ends.
import { startEmulator } from '@cdf/emulator';

const HOUR = 3_600_000;
const HOURS = 336;

const [origin] = process.argv.slice(2);
const pumps = ['pump-1', 'pump-2'];
const now = Date.now();
const emulator = await startEmulator({
  allowOrigins: [origin],
  seed: {
    assets: pumps.map((pump) => ({ externalId: pump, name: pump })),
    timeseries: pumps.map((pump) => ({
      externalId: `${pump}-pressure`,
      name: `${pump} pressure`,
      unit: 'bar',
    })),
    datapoints: pumps.map((pump) => ({
      externalId: `${pump}-pressure`,
      datapoints: Array.from({ length: HOURS }, (_, hour) => ({
        timestamp: now - (HOURS - hour) * HOUR + HOUR / 2,
        value: 4 + Math.sin(hour / 24),
      })),
    })),
  },
});
const { url, project } = emulator;
console.log(JSON.stringify({ baseUrl: url, project, token: await emulator.issueToken() }));
process.stdin.on('end', () => emulator.close()).resume();
