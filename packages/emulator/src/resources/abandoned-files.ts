import type { Route } from '../http/route.js';
import { keysOf, type State } from '../state.js';

const LIFETIME_MS = 7 * 24 * 3_600_000;

/** Routes that first remove the files whose content never came. */
export function withoutAbandoned(state: State, routes: readonly Route[]): Route[] {
  const remove = abandonedFiles(state);
  return routes.map((route) => ({
    ...route,
    handle: (call) => {
      remove(call.requestId);
      return route.handle(call);
    },
  }));
}

/**
 * Gives a function that removes files whose content did not come within a week; it looks at the
 * oldest ones only.
 */
function abandonedFiles(state: State): (requestId: string) => void {
  const waiting = new Map<number, number>();
  state.files.onChange((before, after) => {
    if (
      before !== undefined &&
      (after === undefined || after.uploaded || after.instanceId !== undefined)
    )
      waiting.delete(before.id);
    // A file that is a node stays as long as the node.
    if (after !== undefined && !after.uploaded && after.instanceId === undefined)
      waiting.set(after.id, after.createdTime);
  });
  return (requestId) => {
    const due = state.clock.now() - LIFETIME_MS;
    const abandoned: number[] = [];
    for (const [id, createdTime] of waiting) {
      if (createdTime > due) break;
      abandoned.push(id);
    }
    if (abandoned.length === 0) return;
    const remove = () =>
      abandoned.flatMap((id) => {
        const file = state.files.get(id);
        state.files.delete(id);
        return file ?? [];
      });
    state.write(requestId, 'files', 'delete', remove, keysOf);
  };
}
