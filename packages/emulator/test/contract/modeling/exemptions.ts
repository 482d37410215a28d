import type { Exemption } from '../overlay.js';

export const MODELING_EXEMPTIONS: readonly Exemption[] = [];
