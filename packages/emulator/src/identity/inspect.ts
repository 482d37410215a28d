import { get, type Route } from '../http/route.js';
import type { Authorizer } from './authorize.js';

const READ_WRITE = [
  'assetsAcl',
  'eventsAcl',
  'filesAcl',
  'timeSeriesAcl',
  'timeSeriesSubscriptionsAcl',
  'labelsAcl',
] as const;

/** The endpoint that tells a client its own identity: outside the project's path. */
export function inspectRoutes(authorizer: Authorizer, project: string): Route[] {
  return [
    get('/api/v1/token/inspect', async (call) => {
      const { subject } = await authorizer.check(call.headers);
      return {
        subject,
        projects: [{ projectUrlName: project, groups: [1] }],
        capabilities: [
          ...READ_WRITE.map((name) => capability(name, ['READ', 'WRITE'], project)),
          capability('datasetsAcl', ['READ', 'WRITE', 'OWNER'], project),
          capability('projectsAcl', ['LIST', 'READ'], project),
          capability('groupsAcl', ['LIST', 'READ'], project),
        ],
      };
    }),
    get('/login/status', async (call) => {
      const { headers } = call;
      if (!headers.has('api-key') && !headers.has('authorization')) {
        return { data: { user: '', loggedIn: false, project: '', projectId: -1 } };
      }
      const { subject, apiKey } = await authorizer.check(headers);
      return {
        data: {
          user: subject,
          loggedIn: true,
          project,
          projectId: 1,
          ...(apiKey ? { apiKeyId: 1 } : {}),
        },
      };
    }),
  ];
}

function capability(name: string, actions: readonly string[], project: string): object {
  return { [name]: { actions, scope: { all: {} } }, projectScope: { projects: [project] } };
}
