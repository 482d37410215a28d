// The emulator for pages of one origin; says where it is on one line and stays until its input ends.
import { startEmulator } from '@cdf/emulator';

const [origin] = process.argv.slice(2);
const emulator = await startEmulator({ seed: 'small', allowOrigins: [origin] });
const { url, project } = emulator;
console.log(JSON.stringify({ baseUrl: url, project, token: await emulator.issueToken() }));
process.stdin.on('end', () => emulator.close()).resume();
