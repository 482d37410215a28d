import type { Json } from '../../helpers.js';
import { checkNewSpaceId, checkSpaceId, checkTexts, itemsOf } from './body.js';
import { type Answer, named, refuse, type State, stamped } from './state.js';

export function applySpaces(state: State, body: Json): Answer {
  const items = itemsOf(body, 100);
  for (const item of items) {
    checkSpaceId(item.space);
    checkTexts(item);
    if (state.spaces.get(item.space)?.isGlobal) refuse(`The space ${item.space} is a system space`);
    checkNewSpaceId(item.space);
  }
  const written = items.map((item) => {
    const before = state.spaces.get(item.space);
    const after = stamped(state, before, { space: item.space, ...named(item), isGlobal: false });
    state.spaces.set(item.space, after);
    return after;
  });
  return { status: 200, body: { items: written } };
}

export function spacesById(state: State, body: Json): Answer {
  const items = itemsOf(body, 100).map(({ space }) => state.spaces.get(space));
  return { status: 200, body: { items: items.filter((space) => space !== undefined) } };
}

export function deleteSpaces(state: State, body: Json): Answer {
  const found = itemsOf(body, 100).filter(({ space }) => state.spaces.has(space));
  for (const { space } of found) {
    if (state.spaces.get(space)?.isGlobal) refuse(`The space ${space} is a system space`);
    const parts = [state.containers, state.views, state.models, state.instances] as const;
    if (parts.some((part) => [...part.values()].some((item) => item.space === space)))
      refuse(`The space ${space} is not empty`);
    state.spaces.delete(space);
  }
  return { status: 200, body: { items: found.map(({ space }) => ({ space })) } };
}
