/** Parts of the API that the emulator knows of and answers with 501. */
const AREAS = new Set([
  '3d',
  'documents',
  'extpipes',
  'functions',
  'geospatial',
  'groups',
  'iam',
  'models',
  'raw',
  'relationships',
  'securitycategories',
  'sequences',
  'sessions',
  'transformations',
  'workflows',
]);

export function isKnownPath(path: string): boolean {
  return AREAS.has(path.split('/')[1] ?? '');
}
