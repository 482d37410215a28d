import { Converter, ReflectionKind } from 'typedoc';

/** TypeDoc's name for a parameter that is destructured where it is declared. */
const UNNAMED = '__namedParameters';

/** Names such parameters by the last word of their type: `query` for a `SubscriptionListQuery`. */
export function nameParameters(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter)) {
      if (parameter.name !== UNNAMED) continue;
      const others = (parameter.parent?.parameters ?? []).map(({ name }) => name);
      const word = /[A-Z][a-z]+$/.exec(parameter.type?.name ?? '')?.[0].toLowerCase() ?? 'options';
      parameter.name = others.includes(word) ? 'query' : word;
    }
  });
}
