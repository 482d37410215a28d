/** Parts of the API that the emulator knows of and answers with 501. */
const AREAS = new Set([
  '',
  '3d',
  'ai',
  'annotations',
  'context',
  'dml',
  'documents',
  'extpipes',
  'functions',
  'geospatial',
  'groups',
  'hostedextractors',
  'iam',
  'limits',
  'metering',
  'models',
  'postgresgateway',
  'principals',
  'profiles',
  'raw',
  'relationships',
  'securitycategories',
  'sequences',
  'sessions',
  'simulators',
  'streams',
  'transformations',
  'userapis',
  'workflows',
]);

/** True if the API has this path of a project, given without `/api/v1/projects/{project}`. */
export function isKnownPath(path: string): boolean {
  return AREAS.has(path.split('/')[1] ?? '');
}

/** True if the API has this path outside of any project: projects, organizations and principals. */
export function isKnownRoot(pathname: string): boolean {
  return /^\/api\/v1\/(projects|orgs\/[^/]+\/(projects|principals(\/byids)?)|principals\/me)\/?$/.test(
    pathname,
  );
}
