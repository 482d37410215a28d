import { CdfClient, type ClientConfig, globalConfig } from '@cdf/sdk';
import { fact } from '../account.js';

/** Instantiate a new client: a default config for all of them, then the login status. */
export async function client(config: ClientConfig): Promise<CdfClient> {
  globalConfig.defaultClientConfig = config;
  const cdf = new CdfClient();

  const status = await cdf.login.status();
  fact('logged in', String(status.loggedIn));
  fact('as', status.subject);
  fact('project', status.project);

  const token = await cdf.token.inspect();
  fact('projects of the token', token.projects.map((project) => project.projectUrlName).join(', '));
  return cdf;
}
