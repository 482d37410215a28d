import type { Exemption } from '../overlay.js';

export const MODELING_EXEMPTIONS: readonly Exemption[] = [
  {
    operation: /./,
    variation:
      /(\b(views|hasData|implements|sources|edgeSource|source|require|container|view|type|unit|startNode|endNode|through|instanceReferences|parent|property|scope)(\[0\])?\.(space|externalId|version)|\[0\]\.space|\.value\.(space|externalId)|values\[0\]\.(space|externalId)): \d+ characters$/,
    expected: 'accepted',
    why: 'sections 1.1 to 1.4: what is referred to must exist, whatever its length',
  },
  {
    operation: /(views|datamodels)\/byids$/,
    variation: /^items\[0\]: without version$/,
    why: 'section 1.3: without a version every version is meant',
  },
  {
    operation: /./,
    variation: /hasData\[0\]: without version$/,
    why: 'section 3.1: a view without a version matches nothing, and is not refused',
  },
  {
    operation: /./,
    variation: /^an unknown parameter$/,
    why: 'refusing is known of members of bodies, not of parameters',
  },
];
