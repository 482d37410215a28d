import type { State } from './state.js';

/** How much is stored, such as `7 assets, 1 event`; `undefined` when it is nothing. */
export function contentOf(state: State): string | undefined {
  const { schema, instances } = state;
  const counts: readonly (readonly [number, string, string])[] = [
    [state.assets.size, 'asset', 'assets'],
    [state.timeseries.size, 'time series', 'time series'],
    [state.events.size, 'event', 'events'],
    [state.files.size, 'file', 'files'],
    [state.labels.size, 'label', 'labels'],
    [state.dataSets.size, 'data set', 'data sets'],
    [state.subscriptions.size, 'subscription', 'subscriptions'],
    [schema.spaces.own.size, 'space', 'spaces'],
    [schema.dataModels.own.size, 'data model', 'data models'],
    [instances.size, 'node or edge', 'nodes and edges'],
  ];
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
  return parts.length === 0 ? undefined : parts.join(', ');
}
