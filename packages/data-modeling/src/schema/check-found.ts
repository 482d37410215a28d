import { unexpected } from '@cdf/core/resource';
import type { Container, ViewDefinition } from '../api/schema-types.js';
import { viewKey } from '../view/properties.js';
import { containerName } from './container-name.js';

// Answers are compared member by member: one that is odd is told as what it is.

/** @throws {DecodeError} that names the container, and the property, whose answer is odd */
export function checkContainers(containers: readonly Container[]): void {
  for (const container of containers) {
    const odd = (what: string): Error =>
      unexpected('POST /models/containers/byids', `${containerName(container)} ${what}`);
    if (!isObject(container.properties)) throw odd('has no properties');
    for (const [name, property] of Object.entries(container.properties)) {
      const type = isObject(property) ? property.type : undefined;
      if (!isObject(type) || typeof type.type !== 'string') throw odd(`has no type of ${name}`);
      if (type.type === 'enum' && !isObject(type.values)) throw odd(`has no values of ${name}`);
    }
  }
}

/** @throws {DecodeError} that names the view, and the property, whose answer is odd */
export function checkViews(views: readonly ViewDefinition[]): void {
  for (const view of views) {
    const odd = (what: string): Error =>
      unexpected('POST /models/views/byids', `${viewKey(view)} ${what}`);
    if (!isObject(view.properties)) throw odd('has no properties');
    for (const [name, property] of Object.entries(view.properties)) {
      if (!isObject(property)) throw odd(`has no description of ${name}`);
      if ('container' in property && !isObject(property.container))
        throw odd(`has no container of ${name}`);
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
