import ky from 'ky-2';
import { walkWithKy } from './with-ky.mjs';

await walkWithKy(ky);
