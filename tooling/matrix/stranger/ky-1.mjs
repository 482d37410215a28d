import ky from 'ky-1';
import { walkWithKy } from './with-ky.mjs';

await walkWithKy(ky);
